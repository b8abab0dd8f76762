/** Recurring runs as views, and their rows as schedules. */
import type { RecurringRunRow } from "@/db/queries/recurring-rows";
import { assertNever } from "@/server/domain/assert-never";
import type { Schedule, Trigger } from "@/server/domain/recurrence/schedule";
import { triggerInWords } from "@/server/domain/recurrence/schedule-words";
import type { TriggerKind } from "@/server/domain/recurrence/words";
import type { RecurringRunView, TriggerView } from "@/server/domain/views/recurring-runs";

interface StoredTrigger {
  readonly triggerKind: TriggerKind;
  readonly cron: string | null;
  readonly intervalMs: number | null;
}

/** The trigger of a row. Throws when the row holds none of its kind. */
export function triggerOf({ triggerKind, cron, intervalMs }: StoredTrigger): Trigger {
  switch (triggerKind) {
    case "interval":
      if (intervalMs === null) throw new Error("its interval is missing");
      return { kind: "interval", everyMs: intervalMs };
    case "cron":
      if (cron === null) throw new Error("its cron is missing");
      return { kind: "cron", cron };
    case "none":
      return { kind: "none" };
    default:
      return assertNever(triggerKind);
  }
}

/** A trigger as a row stores it. */
export function storedTrigger(trigger: Trigger): StoredTrigger {
  return {
    triggerKind: trigger.kind,
    cron: trigger.kind === "cron" ? trigger.cron : null,
    intervalMs: trigger.kind === "interval" ? trigger.everyMs : null,
  };
}

/** The schedule of a row. */
export const scheduleOf = ({ row }: Pick<RecurringRunRow, "row">): Schedule => ({
  trigger: triggerOf(row),
  timeZone: row.timeZone,
  anchorMs: row.anchorAt.getTime(),
  endMs: row.endAt?.getTime() ?? null,
});

function triggerView(trigger: Trigger): TriggerView {
  return trigger.kind === "interval" ? { kind: "interval", seconds: trigger.everyMs / 1_000 } : trigger;
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** The view of a row. */
export function recurringRunView(record: RecurringRunRow): RecurringRunView {
  const { row } = record;
  const { pipelineId, versionId } = record;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    state: !row.isEnabled ? "disabled" : row.nextAt === null ? "ended" : "enabled",
    disabledReason: row.disabledReason,
    pipeline: pipelineId === null ? null : { id: pipelineId, name: record.pipelineName ?? "" },
    version: versionId === null ? null : { id: versionId, number: record.versionNumber ?? 0 },
    experiment: { id: record.experimentId ?? "", name: record.experimentName ?? "" },
    trigger: triggerView(triggerOf(row)),
    words: triggerInWords(triggerOf(row)),
    timeZone: row.timeZone,
    startAt: iso(row.startAt),
    endAt: iso(row.endAt),
    nextAt: row.isEnabled ? iso(row.nextAt) : null,
    maxConcurrency: row.maxConcurrency,
    overlap: row.overlap,
    catchUp: row.catchUp,
    parameters: row.parameters,
    profile: row.profile,
    priority: row.priority,
    cache: row.cache,
    tags: row.tags,
    runCount: row.runCount,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
