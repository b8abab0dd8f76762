/** Lets go of deleted pipelines, versions and experiments for good, once nothing of theirs is left. */
import {
  definitionsToPurge,
  purgeableDefinition,
  purgeDefinition,
  type TrashedDefinition,
} from "@/db/queries/trashed-definitions";
import { DAY_MS, DEFINITION_KINDS, type PurgeDefinitionInput } from "@/server/domain/retention";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { readSetting } from "../settings/setting";
import { dropBlobs } from "../uploads/blobs";

type PurgeContext = Pick<Context, "db" | "dataDir" | "now">;

const AT_ONCE = 20;

/** Rows first, and only once these are gone the files that none is left to name. */
async function purge(
  context: PurgeContext,
  find: (tx: Context["db"]) => readonly TrashedDefinition[],
): Promise<number> {
  const { gone, digests } = await write(context.db, (tx) => {
    const found = find(tx);
    return { gone: found.length, digests: found.flatMap((one) => purgeDefinition(tx, one)) };
  });
  if (digests.length > 0) await write(context.db, (tx) => dropBlobs(tx, context, digests));
  return gone;
}

/** Lets go of what the trash has kept long enough; what runs still belong to stays until they are gone. */
export async function purgeDefinitions(context: PurgeContext, signal?: AbortSignal): Promise<number> {
  let all = 0;
  for (const kind of DEFINITION_KINDS) {
    for (let gone = AT_ONCE; gone === AT_ONCE && !signal?.aborted; all += gone) {
      const before = context.now().getTime() - readSetting(context.db, "trash-days") * DAY_MS;
      gone = await purge(context, (tx) => definitionsToPurge(tx, kind, before, AT_ONCE));
    }
  }
  return all;
}

/** Removes one for good now; answers 0 when something still belongs to it. */
export async function purgeDefinitionNow(
  context: Context,
  { kind, id }: PurgeDefinitionInput,
): Promise<{ readonly gone: number }> {
  const gone = await purge(context, (tx) => {
    const found = purgeableDefinition(tx, kind, id);
    return found === undefined ? [] : [found];
  });
  return { gone };
}
