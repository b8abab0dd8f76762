/** Reads where an artifact comes from and where it went. */
import { lineageOf } from "@/db/queries/lineage";
import type { LineageView } from "@/server/domain/views/lineage";
import type { Context } from "../context";
import { getArtifact } from "./get-artifact";

/** The lineage of an artifact both ways. Throws `not-found`. */
export function artifactLineage(context: Context, key: number): LineageView {
  getArtifact(context, key);
  return lineageOf(context.db, key);
}
