/** Reads one artifact. */
import { findArtifactItem } from "@/db/queries/artifact-list";
import { ProblemError } from "@/server/domain/problem-error";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import type { Context } from "../context";

/** An artifact with the run and the task that made it. Throws `not-found`. */
export function getArtifact(context: Context, key: number): ArtifactItemView {
  const found = findArtifactItem(context.db, key);
  if (found === undefined) throw new ProblemError("not-found", `There is no artifact ${key}.`);
  return found;
}
