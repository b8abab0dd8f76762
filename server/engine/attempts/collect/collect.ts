/** What the end of a process means: its reason where it failed, else everything it left as outputs. */
import { existsSync } from "node:fs";
import { assertNever } from "@/server/domain/assert-never";
import { startedAtMs } from "../../executors/attempt-traces";
import { attemptPaths } from "../attempt-folder";
import type { AttemptRequest, Collected, ExitReport, Outcome } from "../contract";
import { isDiskFull } from "../free-space";
import { type CollectTools, type Gathered, OutputRefusal } from "./collect-tools";
import { collectComponentOutputs } from "./component-outputs";
import { failureReason, logTail } from "./failure";
import { fileFailure } from "./file-failure";
import { collectExecutedNotebook, collectFileOutputs } from "./file-outputs";
import { collectImported, importFailure } from "./imported";
import { collectKfpOutputs } from "./kfp-outputs";

const NOTHING: Gathered = { ok: true, collected: { parameters: {}, artifacts: [], metrics: [], warnings: [] } };

const WITHOUT_LOG = "The step removed its own folder, and its log with it. A step may only remove what it made itself.";

const withWarning = (collected: Collected, warning: string): Collected => ({
  ...collected,
  warnings: [warning, ...collected.warnings],
});

/** Makes the collector of a data directory. */
export function collector(tools: CollectTools): (request: AttemptRequest, report: ExitReport) => Promise<Outcome> {
  const outputs = async (request: AttemptRequest): Promise<Gathered> => {
    const { body, interface: declared } = request.step;
    switch (body.body) {
      case "container":
        if (declared.outputParameters.length + declared.outputArtifacts.length === 0) return NOTHING;
        return request.run.format === "elyra"
          ? collectComponentOutputs(request, body, attemptPaths(tools.dataDir, request), tools)
          : collectKfpOutputs(request, attemptPaths(tools.dataDir, request), tools);
      case "file":
        return collectFileOutputs(request, body, attemptPaths(tools.dataDir, request), tools);
      case "importer":
        return collectImported(request, body, attemptPaths(tools.dataDir, request), tools);
      case "group":
      case "foreign":
        return NOTHING;
      default:
        return assertNever(body);
    }
  };

  return async (request, report) => {
    if (report.code === 0 && report.overMemory === undefined && report.reason === undefined) {
      const gathered = await outputs(request).catch(refused);
      if (gathered.ok) {
        const isGone = !existsSync(attemptPaths(tools.dataDir, request).directory);
        const collected = isGone ? withWarning(gathered.collected, WITHOUT_LOG) : gathered.collected;
        return { state: "succeeded", exitCode: 0, collected };
      }
      const kept = gathered.collected === undefined ? {} : { collected: gathered.collected };
      return { state: "failed", exitCode: 0, reason: gathered.reason, ...kept };
    }
    const paths = attemptPaths(tools.dataDir, request);
    const beganAtMs = startedAtMs(paths.directory);
    const tail = tools.masker().text(logTail(paths.log));
    const reason = failureReason(report, tail, {
      wasBegun: beganAtMs !== null,
      // A helper may have made the folder anew; its log was there before it.
      isGone: !existsSync(report.code === null ? paths.directory : paths.log),
      isDiskFull: isDiskFull(paths.directory),
    });
    const { body } = request.step;
    if (body.body === "importer") return { state: "failed", exitCode: report.code, reason: importFailure(reason) };
    if (body.body !== "file") return { state: "failed", exitCode: report.code, reason };
    const told = await fileFailure(request, body, paths, reason, tail, tools.dataDir);
    if (body.runner !== "notebook") return { state: "failed", exitCode: report.code, reason: told };
    // What cannot be kept of it must not hide why the step failed.
    const executed = await collectExecutedNotebook(body, paths, tools).catch(() => []);
    return {
      state: "failed",
      exitCode: report.code,
      reason: told,
      collected: { parameters: {}, artifacts: executed, metrics: [], warnings: [] },
    };
  };
}

function refused(error: unknown): Gathered {
  if (error instanceof OutputRefusal) return { ok: false, reason: error.reason };
  throw error;
}
