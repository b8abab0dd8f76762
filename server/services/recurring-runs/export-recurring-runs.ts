/** Reads every recurring run of a choice for an export, page by page. */
import type { JsonValue } from "@/pipelines/graph";
import type { ExportRecurringRunsInput } from "@/server/domain/inputs/recurring-runs";
import type { RecurringRunSummary } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { everyPage } from "../lists/every-page";
import { listRecurringRuns } from "./list-recurring-runs";

const PAGE = 100;

/** Pages of recurring runs in the order asked for. Throws `invalid` for a filter that cannot be asked. */
export const exportRecurringRuns = (
  context: Context,
  { format: _, columns: __, ...choice }: ExportRecurringRunsInput,
): AsyncGenerator<readonly RecurringRunSummary[], void> =>
  everyPage((cursor: string | null) => listRecurringRuns(context, { ...choice, limit: PAGE, cursor }));

const COLUMNS: { readonly [column: string]: (one: RecurringRunSummary) => JsonValue } = {
  id: (one) => one.id,
  name: (one) => one.name,
  description: (one) => one.description,
  state: (one) => one.state,
  reason: (one) => one.disabledReason,
  schedule: (one) => one.words,
  cron: ({ trigger }) => (trigger.kind === "cron" ? trigger.cron : null),
  seconds: ({ trigger }) => (trigger.kind === "interval" ? trigger.seconds : null),
  zone: (one) => one.timeZone,
  start: (one) => one.startAt,
  end: (one) => one.endAt,
  next: (one) => one.nextAt,
  last: ({ lastRuns: [last] }) => last?.scheduledAt ?? null,
  results: ({ lastRuns }) => lastRuns.map(({ state }) => state).join(" "),
  success: ({ success: { succeeded, ended } }) => (ended === 0 ? null : succeeded / ended),
  runs: (one) => one.runCount,
  pipeline: (one) => one.pipeline?.name ?? null,
  version: (one) => one.version?.number ?? "latest",
  experiment: (one) => one.experiment.name,
  profile: (one) => one.profile,
  priority: (one) => one.priority,
  cap: (one) => one.maxConcurrency,
  overlap: (one) => one.overlap,
  "catch-up": (one) => one.catchUp,
  created: (one) => one.createdAt,
  updated: (one) => one.updatedAt,
};

/** The values of a recurring run in the given columns; a share of successes is between 0 and 1. */
export const recurringRunValues = (one: RecurringRunSummary, columns: readonly string[]): JsonValue[] =>
  columns.map((column) => COLUMNS[column]?.(one) ?? null);
