/** Runs attempts on this machine: prepares their folders and environments, starts, follows and stops them, reads what they left. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DataDir } from "@/server/platform/data-dir";
import { programRoot } from "@/server/platform/root";
import type { AttemptSite, Executor } from "../executors/executor";
import { processExecutor } from "../executors/process";
import { startRefusal } from "../executors/start-failure";
import { pythonEnvironments } from "../python/environments";
import { interpreters } from "../python/interpreter";
import { attemptPaths, makeAttemptFolder, recordCommand, sayInLog } from "./attempt-folder";
import { collector } from "./collect/collect";
import { measurer } from "./collect/measure";
import { type AttemptHandle, type AttemptRequest, type AttemptRunner, type ExitReport, StartRefusal } from "./contract";
import { allowedEnvironment, attemptId } from "./environment";
import { needSpace } from "./free-space";
import type { AttemptPaths, LaunchPlan, Preparation } from "./launch/plan";
import { launchPlanner } from "./launch/planner";
import { workspaces } from "./launch/workspace";
import { logTimes } from "./log-times";

export interface ProcessRunnerOptions {
  readonly dataDir: DataDir;
  /** Interpreter of profiles that name none. */
  readonly python: string;
  /** Package index for environments; null leaves it to pip's own configuration. */
  readonly indexUrl: string | null;
  /** The engine's own environment, of which steps get an allow-listed part. */
  readonly environment: NodeJS.ProcessEnv;
  readonly now?: () => number;
  /** Identifies this boot of the machine; tests give another to play a reboot. */
  readonly bootId?: () => string;
}

export interface ProcessAttemptRunner extends AttemptRunner {
  /** Ends what attempts that nobody follows have left running. To be called once all live attempts are adopted. */
  reapStrays(): void;
}

/** Makes the runner of attempts as processes of this machine. */
export function processAttemptRunner(options: ProcessRunnerOptions): ProcessAttemptRunner {
  const { dataDir } = options;
  const now = options.now ?? Date.now;
  const runtime = join(programRoot(), "pipelines", "runtime");
  const executor: Executor = processExecutor({ ...options, shim: join(runtime, "shim.sh") });
  const times = logTimes();
  const hashes = measurer();
  const collect = collector({ dataDir, measure: hashes.measure });
  const plan = launchPlanner({
    python: options.python,
    allowed: allowedEnvironment(options.environment),
    interpreters: interpreters(options.environment),
    environments: pythonEnvironments({ ...options, envs: dataDir.envs }),
    workspaces: workspaces(dataDir),
    notebookHelper: join(runtime, "run_notebook.py"),
    runFolder: dataDir.run,
  });
  const preparing = new Map<number, AbortController>();
  const begun = new Map<number, string>();
  let isReleased = false;

  const siteOf = (request: AttemptRequest, directory: string): AttemptSite => ({
    id: attemptId(request),
    directory,
    graceMs: request.run.profile.graceMs,
  });

  const follow = (
    request: AttemptRequest,
    directory: string,
    isTaken: boolean,
    ended: (report: ExitReport) => void,
  ) => {
    begun.set(request.attemptKey, attemptId(request));
    times.follow(request.attemptKey, directory, isTaken);
    return (report: ExitReport): void => {
      begun.delete(request.attemptKey);
      times.finish(request.attemptKey, report.atMs);
      ended(report);
    };
  };

  const prepared = async (request: AttemptRequest, paths: AttemptPaths, prepare: Preparation): Promise<LaunchPlan> => {
    const abort = new AbortController();
    preparing.set(request.attemptKey, abort);
    try {
      const made = await prepare({ say: (text) => sayInLog(paths, text), signal: abort.signal });
      abort.signal.throwIfAborted();
      return made;
    } catch (error) {
      // After release the row stays `starting`: the next engine finds an attempt that never began.
      if (isReleased) await new Promise<never>(() => undefined);
      throw abort.signal.aborted ? STOPPED : error;
    } finally {
      preparing.delete(request.attemptKey);
    }
  };

  return {
    // Without an await on the way of a step that needs no preparation: its process is there in the same turn.
    async begin(request, ended): Promise<AttemptHandle> {
      try {
        const paths = attemptPaths(dataDir, request);
        needSpace(dataDir.runs);
        makeAttemptFolder(paths);
        const planned = plan(request, paths);
        const command = typeof planned === "function" ? await prepared(request, paths, planned) : planned;
        for (const folder of command.folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const remark of command.remarks) sayInLog(paths, `${remark}\n`);
        const handle = executor.start(
          { ...siteOf(request, paths.directory), ...command },
          follow(request, paths.directory, false, ended),
        );
        recordCommand(paths, command);
        return handle;
      } catch (error) {
        begun.delete(request.attemptKey);
        times.finish(request.attemptKey, now());
        throw startRefusal(error, "Preparing the step");
      }
    },

    async adopt(request, handle, ended) {
      const { directory } = attemptPaths(dataDir, request);
      const report = follow(request, directory, true, ended);
      const adoption = await executor.adopt(siteOf(request, directory), handle, report);
      if (adoption.found !== "alive") {
        begun.delete(request.attemptKey);
        times.finish(request.attemptKey, adoption.found === "ended" ? adoption.report.atMs : now());
      }
      return adoption;
    },

    stop(attemptKey, graceMs) {
      preparing.get(attemptKey)?.abort();
      const id = begun.get(attemptKey);
      if (id !== undefined) executor.stop(id, graceMs);
    },

    collect,
    noteLogs: times.note,

    reapStrays() {
      executor.reapStrays(dataDir.runs);
    },

    release() {
      isReleased = true;
      for (const abort of preparing.values()) abort.abort();
      executor.release();
      times.release();
      hashes.release();
    },
  };
}

const STOPPED = new StartRefusal({
  code: "canceled-by-user",
  message: "The step was stopped while it was being prepared; its command was not started.",
  subject: null,
});
