/** Reads what a run took. */
import { usageOfRun } from "@/db/queries/run-usage";
import type { RunUsageView } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { runRow } from "./get-run";

/** Attempts of all tasks taken together. Throws `not-found`. */
export const runUsage = (context: Context, id: string): RunUsageView => usageOfRun(context.db, runRow(context, id).key);
