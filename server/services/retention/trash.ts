/** What is in the trash, what rules would put there, and emptying it before its time. */
import {
  beginPurge,
  countTaken,
  countTrash,
  purgeable,
  type RunOfTrash,
  runsTaken,
  trashedRuns,
} from "@/db/queries/retention";
import { type TrashedDefinition, trashedDefinitions } from "@/db/queries/trashed-definitions";
import type { ByIds } from "@/server/domain/inputs/shared";
import { DAY_MS, DEFINITION_KINDS, type PreviewRetentionInput } from "@/server/domain/retention";
import type { RetentionPreviewView, RetentionRunView, TrashView } from "@/server/domain/views/retention";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { readSetting } from "../settings/setting";
import { finishPurges } from "./purge-trash";

const MOST_SHOWN = 200;
/** Counted no further than this. */
const MOST_COUNTED = 10_001;

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const runView = ({ id, name, pipelineName, state, finishedAtMs, artifactBytes }: RunOfTrash): RetentionRunView => ({
  id,
  name,
  pipelineName,
  state,
  finishedAt: iso(finishedAtMs),
  artifactBytes,
});

/** What is in the trash, deleted last first, and when each will be gone. */
export function listTrash({ db }: Context): TrashView {
  const days = readSetting(db, "trash-days");
  const going = (deletedAtMs: number, isHeld: 0 | 1) => ({
    deletedAt: iso(deletedAtMs) ?? "",
    goesAt: isHeld === 1 ? null : iso(deletedAtMs + days * DAY_MS),
  });
  const definition = ({ kind, id, name, deletedAtMs, isHeld }: TrashedDefinition) => ({
    kind,
    id,
    name,
    ...going(deletedAtMs, isHeld),
  });
  return {
    days,
    total: countTrash(db),
    runs: trashedRuns(db, MOST_SHOWN).map((run) => ({
      ...runView(run),
      ...going(run.deletedAtMs ?? 0, run.isHeld),
    })),
    definitions: DEFINITION_KINDS.flatMap((kind) => trashedDefinitions(db, kind, MOST_SHOWN).map(definition)),
  };
}

/** What these rules would take now, rule by rule; nothing is changed. */
export function previewRetention({ db, now }: Context, { rules }: PreviewRetentionInput): RetentionPreviewView {
  const nowMs = now().getTime();
  return {
    rules: rules.map((rule) => ({
      count: countTaken(db, rule, nowMs, MOST_COUNTED),
      runs: runsTaken(db, rule, nowMs, MOST_SHOWN).map(runView),
    })),
  };
}

/** Removes runs of the trash for good, now; answers those that another run still needs. */
export async function emptyTrash(context: Context, { ids }: ByIds): Promise<{ readonly gone: number }> {
  const gone = await write(context.db, (tx) => {
    const keys = purgeable(tx, ids);
    beginPurge(tx, keys, context.now().getTime());
    return keys.length;
  });
  await finishPurges(context);
  return { gone };
}
