/** Takes metrics that a client reports of a run, as it goes on or afterwards. */
import { z } from "zod";
import { addEvent } from "@/db/queries/events";
import { putMetrics, taskKeyOf } from "@/db/queries/metric-writes";
import { ReportMetricsInput } from "@/server/domain/metric-report";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { runRow } from "./get-run";

/**
 * Stores a batch, all of it or nothing; one that was reported before under the same name, index and step is replaced.
 * Throws `not-found` for an unknown run or step, `invalid` for anything that is no such batch.
 */
export async function reportMetrics(context: Context, id: string, report: unknown): Promise<{ stored: number }> {
  const { key: runKey } = runRow(context, id);
  const read = ReportMetricsInput.safeParse(report);
  if (!read.success) throw new ProblemError("invalid", z.prettifyError(read.error));
  const { metrics } = read.data;
  const now = context.now();
  const taskKeys = new Map<string, number>();
  for (const path of new Set(metrics.flatMap(({ step }) => (typeof step === "string" ? [step] : [])))) {
    const key = taskKeyOf(context.db, runKey, path);
    if (key === undefined) throw new ProblemError("not-found", `The run ${id} has no step ${path} yet.`);
    taskKeys.set(path, key);
  }
  await write(context.db, (tx) => {
    putMetrics(
      tx,
      metrics.map(({ name, value, index, at, format, step }) => ({
        runKey,
        taskKey: taskKeys.get(step ?? "") ?? null,
        name,
        value,
        index: index ?? null,
        format,
        atMs: at ? Date.parse(at) : now.getTime(),
      })),
    );
    addEvent(tx, { at: now, topic: "run", subject: id, kind: "metrics" });
  });
  return { stored: metrics.length };
}
