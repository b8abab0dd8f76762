/** Changes the display name or the tags of a version; what it runs never changes. */
import { addEvent } from "@/db/queries/events";
import { pipelineOfVersion } from "@/db/queries/version-rows";
import { replaceVersionTags } from "@/db/queries/version-tags";
import { setVersionTitle } from "@/db/queries/version-writes";
import type { Tags } from "@/server/domain/inputs/shared";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { versionRow } from "./get-version";

export interface VersionChange {
  readonly displayName?: string | undefined;
  readonly tags?: Tags | undefined;
}

/** Changes what is given and keeps the rest; tags are replaced as a whole. Throws `not-found`. */
export async function updateVersion(context: Context, id: string, { displayName, tags }: VersionChange): Promise<void> {
  await write(context.db, (tx) => {
    const { key } = versionRow(context, id);
    if (displayName !== undefined) setVersionTitle(tx, key, displayName);
    if (tags !== undefined) replaceVersionTags(tx, key, tags);
    const subject = pipelineOfVersion(tx, key)?.id ?? null;
    addEvent(tx, { at: context.now(), topic: "pipeline", subject, kind: "version-updated" });
  });
}
