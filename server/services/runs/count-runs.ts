/** Counts runs by state. */
import { countRunsByState, type RunCounts } from "@/db/queries/run-counts";
import type { CountRunsInput } from "@/server/domain/inputs/run-lists";
import type { Context } from "../context";

/** Runs by state; states without a run are left out. */
export function countRuns(context: Context, input: CountRunsInput): RunCounts {
  return countRunsByState(context.db, input);
}
