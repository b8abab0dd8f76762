/** How a recurring run goes: successes, durations and lateness of its last runs, and whether a run of now would be accepted. */
import type { Db } from "@/db/client";
import { figureQueries, type RunTiming } from "@/db/queries/recurring-figures";
import type { RecurringRunRow } from "@/db/queries/recurring-rows";
import { findVersion } from "@/db/queries/version-rows";
import { ProblemError } from "@/server/domain/problem-error";
import { spreadOf } from "@/server/domain/recurrence/spread";
import type { RecurringFiguresView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { checkFirstRun } from "./check-recurring-run";
import { recurringRow } from "./get-recurring-run";
import { sourceAfter } from "./update-recurring-run";

/** Runs that mean and spread are taken of. */
const LOOK_BACK = 100;

const durations = (timings: readonly RunTiming[]): number[] =>
  timings.flatMap(({ state, startedAt, finishedAt }) =>
    state === "succeeded" && startedAt !== null && finishedAt !== null ? [finishedAt - startedAt] : [],
  );

const lateness = (timings: readonly RunTiming[]): number[] =>
  timings.flatMap(({ slotAt, startedAt }) => (slotAt !== null && startedAt !== null ? [startedAt - slotAt] : []));

/** The version that a run of now would have, and why it would be refused. */
function today(db: Db, record: RecurringRunRow, now: Date): Pick<RecurringFiguresView, "version" | "refusal"> {
  const { parameters, profile } = record.row;
  let version: RecurringFiguresView["version"] = null;
  try {
    const source = sourceAfter(db, {}, record);
    if (source === null) return { version, refusal: "The version that it runs was deleted." };
    const found = findVersion(db, source.currentVersionId);
    version = found === undefined ? null : { id: found.id, number: found.number };
    checkFirstRun(db, now, source, { parameters, profile });
    return { version, refusal: null };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { version, refusal: error.message };
  }
}

/** The figures of a recurring run. Throws `not-found`. */
export function getRecurringFigures(context: Context, id: string): RecurringFiguresView {
  const { db } = context;
  const record = recurringRow(db, id);
  const queries = figureQueries(db);
  const timings = queries.timings(record.key, LOOK_BACK);
  return {
    runs: timings.length,
    success: queries.ended(record.key, LOOK_BACK),
    duration: spreadOf(durations(timings)),
    lateness: spreadOf(lateness(timings)),
    ...today(db, record, context.now()),
  };
}
