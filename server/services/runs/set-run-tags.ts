/** Changes what a run is tagged with. */
import { addEvent } from "@/db/queries/events";
import { replaceRunTags, tagsOfRun } from "@/db/queries/run-tags";
import type { SetRunTagsInput } from "@/server/domain/inputs/runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { runRow } from "./get-run";

/** Replaces the tags of a run as a whole. Throws `not-found`. */
export async function setRunTags(
  context: Context,
  { id, tags }: SetRunTagsInput,
): Promise<{ tags: { readonly [name: string]: string } }> {
  const { key } = runRow(context, id);
  await write(context.db, (tx) => {
    replaceRunTags(tx, key, tags);
    addEvent(tx, { at: context.now(), topic: "run", subject: id, kind: "tagged" });
  });
  return { tags: tagsOfRun(context.db, key) };
}
