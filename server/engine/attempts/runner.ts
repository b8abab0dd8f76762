/** Runs attempts on this machine: prepares their folders and environments, starts, follows and stops them, reads what they left. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { containerOf } from "@/server/domain/profile";
import { type SettingName, type SettingValue, settingValue } from "@/server/domain/settings";
import type { DataDir } from "@/server/platform/data-dir";
import { programRoot } from "@/server/platform/root";
import { dockerExecutor } from "../executors/docker/docker";
import type { AttemptSite, ClusterRef, Executor, StartSpec } from "../executors/executor";
import { kubernetesExecutor } from "../executors/kubernetes/kubernetes";
import { processExecutor } from "../executors/process";
import { startRefusal } from "../executors/start-failure";
import { pythonEnvironments } from "../python/environments";
import { interpreters } from "../python/interpreter";
import type { Waiter } from "../waiter";
import { attemptPaths, makeAttemptFolder, recordCommand, sayInLog } from "./attempt-folder";
import { collector } from "./collect/collect";
import { measurer } from "./collect/measure";
import {
  type AttemptHandle,
  type AttemptRequest,
  type AttemptRunner,
  type ExitReport,
  StartRefusal,
  type Vault,
} from "./contract";
import { allowedEnvironment, attemptId } from "./environment";
import { needSpace } from "./free-space";
import { removeMounted } from "./launch/contained/platform-mounts";
import { runsInContainer } from "./launch/contained/where";
import { workspaces } from "./launch/file/workspace";
import type { AttemptPaths, LaunchPlan, Preparation } from "./launch/plan";
import { launchPlanner } from "./launch/planner";
import { logTimes } from "./log-times";
import { maskedOutcome, maskedRefusal } from "./masked-outcome";
import { readLimits } from "./step-limits";
import { withUsage } from "./usage";

/** The value of a setting that holds now. */
export type ReadSetting = <N extends SettingName>(name: N) => SettingValue<N>;

const presets: ReadSetting = (name) => settingValue(name, undefined);

export interface ProcessRunnerOptions {
  readonly dataDir: DataDir;
  /** Interpreter of profiles that name none. */
  readonly python: string;
  /** Package index for environments; null leaves it to pip's own configuration. */
  readonly indexUrl: string | null;
  /** The engine's own environment, of which steps get an allow-listed part. */
  readonly environment: NodeJS.ProcessEnv;
  /** Secrets, config maps and volumes, asked when a step is launched. */
  readonly vault: Vault;
  /** Settings of the installation, asked when they are needed; without it their defaults hold. */
  readonly setting?: ReadSetting;
  /** Container engines of the profiles, of which leftovers are removed at the start; null for the one found here. */
  readonly engines?: () => readonly (string | null)[];
  /** Clusters of the profiles, for the same. */
  readonly clusters?: () => readonly ClusterRef[];
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
  const processes: Executor = processExecutor({ ...options, shim: join(runtime, "shim.sh") });
  const containers: Executor = dockerExecutor(options.engines === undefined ? {} : { engines: options.engines });
  const pods: Executor = kubernetesExecutor(options.clusters === undefined ? {} : { clusters: options.clusters });
  const executors = { process: processes, docker: containers, kubernetes: pods };
  const executorOf = (request: AttemptRequest): Executor =>
    runsInContainer(request) ? executors[request.run.profile.executor] : processes;
  const times = logTimes();
  const hashes = measurer();
  const masker = () => options.vault.masker();
  const setting = options.setting ?? presets;
  const collect = collector({ dataDir, measure: hashes.measure, setting, masker });
  const plan = launchPlanner({
    python: options.python,
    allowed: allowedEnvironment(options.environment),
    interpreters: interpreters(options.environment),
    environments: pythonEnvironments({ ...options, envs: dataDir.envs }),
    workspaces: workspaces(dataDir),
    vault: options.vault,
    dataDir,
    notebookHelper: join(runtime, "run_notebook.py"),
    importHelper: join(runtime, "import_artifact.py"),
    setting,
  });
  const preparing = new Map<number, AbortController>();
  const begun = new Map<number, { readonly id: string; readonly executor: Executor }>();
  let isReleased = false;

  const siteOf = (request: AttemptRequest, paths: AttemptPaths): AttemptSite => {
    const { memoryBytes } = readLimits(request, paths, dataDir.run(request.run.key));
    const { engine, keepMs } = containerOf(request.run.profile);
    return {
      id: attemptId(request),
      directory: paths.directory,
      graceMs: request.run.profile.graceMs,
      ...(memoryBytes === null ? {} : { memoryLimitBytes: memoryBytes }),
      ...(runsInContainer(request) ? { engine, keepMs } : {}),
    };
  };

  const follow = (
    request: AttemptRequest,
    directory: string,
    isTaken: boolean,
    ended: (report: ExitReport) => void,
  ) => {
    begun.set(request.attemptKey, { id: attemptId(request), executor: executorOf(request) });
    times.follow(request.attemptKey, directory, isTaken);
    return (report: ExitReport): void => {
      begun.delete(request.attemptKey);
      removeMounted(directory);
      times.finish(request.attemptKey, report.atMs);
      ended(report);
    };
  };

  /** Does what may take a while, so that it can be given up: then it throws, or has stopped what it began. */
  const interruptible = async <T>(
    { attemptKey }: AttemptRequest,
    paths: AttemptPaths,
    act: (waiter: Waiter) => Promise<T>,
  ): Promise<T> => {
    const abort = new AbortController();
    preparing.set(attemptKey, abort);
    try {
      return await act({ say: (text) => sayInLog(paths, text), signal: abort.signal });
    } catch (error) {
      // After release the row stays `starting`: the next engine finds an attempt that never began.
      if (isReleased) await new Promise<never>(() => undefined);
      throw abort.signal.aborted ? STOPPED : error;
    } finally {
      preparing.delete(attemptKey);
    }
  };

  const prepared = (request: AttemptRequest, paths: AttemptPaths, prepare: Preparation): Promise<LaunchPlan> =>
    interruptible(request, paths, async (waiter) => {
      const made = await prepare(waiter);
      waiter.signal.throwIfAborted();
      return made;
    });

  const specOf = (request: AttemptRequest, paths: AttemptPaths, plan: LaunchPlan): StartSpec => {
    const { argv, cwd, env, container } = plan;
    return { ...siteOf(request, paths), argv, cwd, env, ...(container && { container: container() }) };
  };

  /** Starts the command; the handle itself where the process is there in the same turn. */
  const started = (
    request: AttemptRequest,
    paths: AttemptPaths,
    spec: StartSpec,
    ended: (report: ExitReport) => void,
  ) => {
    const followed = follow(request, paths.directory, false, ended);
    if (spec.container === undefined) return processes.start(spec, followed, NOBODY);
    return interruptible(request, paths, async (waiter) => executorOf(request).start(spec, followed, waiter));
  };

  return {
    // Without an await on the way of a step that needs no preparation: its process is there in the same turn.
    async begin(request, ended): Promise<AttemptHandle> {
      const paths = attemptPaths(dataDir, request);
      try {
        needSpace(dataDir.runs);
        makeAttemptFolder(paths);
        const planned = plan(request, paths);
        const command = typeof planned === "function" ? await prepared(request, paths, planned) : planned;
        for (const folder of command.folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const remark of command.remarks) sayInLog(paths, `${remark}\n`);
        // Asked before the start: nothing after it may fail, or the step would be refused while it runs.
        const hidden = masker();
        const spec = specOf(request, paths, command);
        const handle = started(request, paths, spec, ended);
        recordCommand(paths, spec, hidden);
        return await handle;
      } catch (error) {
        begun.delete(request.attemptKey);
        removeMounted(paths.directory);
        times.finish(request.attemptKey, now());
        throw maskedRefusal(masker(), startRefusal(error, "Preparing the step"));
      }
    },

    async adopt(request, handle, ended) {
      const paths = attemptPaths(dataDir, request);
      const report = follow(request, paths.directory, true, ended);
      const adoption = await executorOf(request).adopt(siteOf(request, paths), handle, report);
      if (adoption.found !== "alive") {
        begun.delete(request.attemptKey);
        removeMounted(paths.directory);
        times.finish(request.attemptKey, adoption.found === "ended" ? adoption.report.atMs : now());
      }
      return adoption;
    },

    stop(attemptKey, graceMs) {
      preparing.get(attemptKey)?.abort();
      const one = begun.get(attemptKey);
      one?.executor.stop(one.id, graceMs);
    },

    collect: async (request, report) =>
      withUsage(request, report, maskedOutcome(masker(), await collect(request, report))),
    noteLogs: times.note,

    reapStrays() {
      const followed = new Set([...begun.values()].map(({ id }) => id));
      for (const executor of Object.values(executors)) executor.reapStrays(dataDir.runs, (id) => followed.has(id));
    },

    release() {
      isReleased = true;
      for (const abort of preparing.values()) abort.abort();
      for (const executor of Object.values(executors)) executor.release();
      times.release();
      hashes.release();
    },
  };
}

/** Waits for what takes no time. */
const NOBODY: Waiter = { say: () => undefined, signal: new AbortController().signal };

const STOPPED = new StartRefusal({
  code: "canceled-by-user",
  message: "The step was stopped while it was being prepared; its command was not started.",
  subject: null,
});
