/** What the end of a process means: its reason where it failed, else everything it left as outputs. */
import { assertNever } from "@/server/domain/assert-never";
import { startedAtMs } from "../../executors/attempt-traces";
import { attemptPaths } from "../attempt-folder";
import type { AttemptRequest, ExitReport, Outcome } from "../contract";
import { isDiskFull } from "../free-space";
import type { CollectTools } from "./collect-tools";
import { failureReason, logTail } from "./failure";
import { collectExecutedNotebook, collectFileOutputs } from "./file-outputs";
import { collectKfpOutputs, type KfpOutcome } from "./kfp-outputs";

import { notebookFailure } from "./notebook-events";

const NOTHING: KfpOutcome = { ok: true, collected: { parameters: {}, artifacts: [], metrics: [], warnings: [] } };
/** Makes the collector of a data directory. */
export function collector(tools: CollectTools): (request: AttemptRequest, report: ExitReport) => Promise<Outcome> {
  const outputs = async (request: AttemptRequest): Promise<KfpOutcome> => {
    const { body, interface: declared } = request.step;
    switch (body.body) {
      case "container":
        if (declared.outputParameters.length + declared.outputArtifacts.length === 0) return NOTHING;
        return collectKfpOutputs(request, attemptPaths(tools.dataDir, request), tools);
      case "file": {
        const collected = await collectFileOutputs(request, body, attemptPaths(tools.dataDir, request), tools);
        return { ok: true, collected };
      }
      case "importer":
      case "group":
      case "foreign":
        return NOTHING;
      default:
        return assertNever(body);
    }
  };

  return async (request, report) => {
    if (report.code === 0) {
      const outcome = await outputs(request);
      if (outcome.ok) return { state: "succeeded", exitCode: 0, collected: outcome.collected };
      const reason = { code: "bad-output", message: outcome.message, subject: request.step.path } as const;
      return { state: "failed", exitCode: 0, reason };
    }
    const paths = attemptPaths(tools.dataDir, request);
    const beganAtMs = startedAtMs(paths.directory);
    const reason = failureReason(report, logTail(paths.log), {
      wasBegun: beganAtMs !== null,
      isDiskFull: isDiskFull(paths.directory),
    });
    const { body } = request.step;
    if (body.body !== "file" || body.runner !== "notebook") {
      return { state: "failed", exitCode: report.code, reason };
    }
    const message = reason.code === "exit-code" ? notebookFailure(paths) : null;
    const executed = await collectExecutedNotebook(body, paths, tools);
    return {
      state: "failed",
      exitCode: report.code,
      reason: message === null ? reason : { ...reason, message },
      collected: { parameters: {}, artifacts: executed, metrics: [], warnings: [] },
    };
  };
}
