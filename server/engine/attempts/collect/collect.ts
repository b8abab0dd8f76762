/** What the end of a process means: its reason where it failed, else everything it left as outputs. */
import type { Collected } from "../contract";
import { statfsSync } from "node:fs";
import { assertNever } from "@/server/domain/assert-never";
import type { DataDir } from "@/server/platform/data-dir";
import { startedAtMs } from "../../executors/attempt-traces";
import { attemptPaths } from "../attempt-folder";
import type { AttemptRequest, ExitReport, Outcome } from "../contract";
import { failureReason, logTail } from "./failure";
import { collectFileOutputs } from "./file-outputs";
import type { Measurer } from "./measure";

export interface CollectTools {
  readonly dataDir: DataDir;
  readonly measure: Measurer["measure"];
}

const NOTHING: Collected = { parameters: {}, artifacts: [], metrics: [], warnings: [] };
/** With less than this a fence could not be set. */
const FULL_BYTES = 64 * 1024;

function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize < FULL_BYTES;
  } catch {
    return false;
  }
}

/** Makes the collector of a data directory. */
export function collector(tools: CollectTools): (request: AttemptRequest, report: ExitReport) => Promise<Outcome> {
  const outputs = async (request: AttemptRequest): Promise<Collected> => {
    const { body, interface: declared } = request.step;
    const paths = attemptPaths(tools.dataDir, request);
    switch (body.body) {
      case "container":
        return NOTHING;
      case "file":
        return collectFileOutputs(request, body, paths, tools);
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
      return { state: "succeeded", exitCode: 0, collected: await outputs(request) };
    }
    const { log, directory } = attemptPaths(tools.dataDir, request);
    const beganAtMs = startedAtMs(directory);
    const reason = failureReason(report, logTail(log), {
      wasBegun: beganAtMs !== null,
      isDiskFull: beganAtMs === null && isDiskFull(directory),
    });
    return { state: "failed", exitCode: report.code, reason };
  };
}
