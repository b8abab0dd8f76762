/** The cache of Python environments: one per interpreter and list of pip lines, built once, shared by all steps. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BESIDE, ENVIRONMENT_FILES, type EnvironmentNote } from "@/server/platform/environment-folder";
import { StartRefusal } from "../attempts/contract";
import { startRefusal } from "../executors/start-failure";
import type { Waiter } from "../waiter";
import { BuildFailure, buildEnvironmentAt, type PipLine } from "./build";
import type { Interpreter } from "./interpreter";
import { takeLock } from "./lock";
import { buildEnvironment, hasIndex, type PipSettings, readPipSettings } from "./pip-settings";

export interface EnvironmentRequest {
  readonly interpreter: Interpreter;
  /** In the order in which the component installs them; flags belong to their line. */
  readonly lines: readonly PipLine[];
}

export interface PythonEnvironment {
  readonly directory: string;
  /** Goes first on a step's PATH. */
  readonly bin: string;
  readonly python: string;
}

export interface PythonEnvironments {
  /** The environment if it is built; marks it as used. */
  ready(request: EnvironmentRequest): PythonEnvironment | null;
  /** Builds the environment if need be; however many ask at once, one build is made. Throws `StartRefusal`. */
  obtain(request: EnvironmentRequest, waiter: Waiter): Promise<PythonEnvironment>;
}

export interface EnvironmentOptions {
  /** Folder of all environments. */
  readonly envs: string;
  readonly indexUrl: string | null;
  /** What pip and uv are started in. */
  readonly environment: NodeJS.ProcessEnv;
  readonly now?: () => number;
}

interface Build {
  readonly waiters: Set<Waiter>;
  readonly abort: AbortController;
  readonly done: Promise<PythonEnvironment>;
}

/** Marking an environment as used more often than this tells the clean-up nothing. */
const USED_EVERY_MS = 60_000;

/** Flags that change what pip says, and nothing of what it installs. */
const SPEECH = new Set(["--quiet", "-q", "--no-warn-script-location", "--disable-pip-version-check", "--no-input"]);

/** Name of an environment's folder: the same interpreter and lines, indexes and order included, give the same. */
export function environmentKey({ interpreter, lines }: EnvironmentRequest): string {
  const telling = lines.map((line) => line.filter((word) => !SPEECH.has(word)));
  const identity = JSON.stringify([interpreter.realPath, interpreter.version, telling]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

/** Bytes of the files of an environment. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  let sum = 0;
  for (const path of files) sum += (await stat(path)).size;
  return sum;
}

/** Opens the cache of a data directory. */
export function pythonEnvironments(options: EnvironmentOptions): PythonEnvironments {
  const now = options.now ?? Date.now;
  const builds = new Map<string, Build>();
  const usedAt = new Map<string, number>();
  let settings: Promise<PipSettings> | null = null;

  const at = (key: string): PythonEnvironment => {
    const directory = join(options.envs, key);
    return { directory, bin: join(directory, "bin"), python: join(directory, "bin", "python") };
  };

  const markUsed = (key: string, directory: string): void => {
    const at = now();
    if (at - (usedAt.get(key) ?? 0) < USED_EVERY_MS) return;
    usedAt.set(key, at);
    try {
      utimesSync(join(directory, ENVIRONMENT_FILES.used), at / 1000, at / 1000);
    } catch {
      // Only the clean-up's order suffers.
    }
  };

  const ready = (request: EnvironmentRequest): PythonEnvironment | null => {
    const key = environmentKey(request);
    const environment = at(key);
    if (!existsSync(join(environment.directory, ENVIRONMENT_FILES.ready))) return null;
    markUsed(key, environment.directory);
    return environment;
  };

  const build = async (request: EnvironmentRequest, waiters: Set<Waiter>, signal: AbortSignal) => {
    const say = (text: string): void => {
      for (const waiter of waiters) waiter.say(text);
    };
    const key = environmentKey(request);
    const environment = at(key);
    mkdirSync(options.envs, { recursive: true, mode: 0o700 });
    const lock = await takeLock(`${environment.directory}.lock`, signal, () =>
      say("Waiting for the Python environment that another Penstock process is building\n"),
    );
    settings ??= readPipSettings(request.interpreter.executable, options.environment);
    const pip = await settings;
    const { command, version } = request.interpreter;
    const note: EnvironmentNote = { command, version, lines: request.lines.map((line) => [...line]) };
    const beside = (ending: string): string => `${environment.directory}${ending}`;
    const write = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 });
    try {
      if (ready(request) !== null) return environment;
      const began = performance.now();
      say(`Building a Python ${version} environment; later steps find it ready\n`);
      write(beside(BESIDE.building), JSON.stringify(note));
      await buildEnvironmentAt(environment.directory, request.lines, {
        interpreter: request.interpreter,
        environment: buildEnvironment(options.environment, pip, options.indexUrl, join(options.envs, "uv-cache")),
        envs: options.envs,
        lock,
        signal,
        say,
      });
      const size = await sizeOf(environment.directory);
      write(join(environment.directory, ENVIRONMENT_FILES.used), "");
      write(join(environment.directory, ENVIRONMENT_FILES.ready), JSON.stringify({ ...note, size }));
      rmSync(beside(BESIDE.failed), { force: true });
      say(`Environment ready after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
      return environment;
    } catch (error) {
      rmSync(environment.directory, { recursive: true, force: true });
      if (signal.aborted) throw error;
      const refused = refusal(error, hasIndex(pip, options.indexUrl));
      write(beside(BESIDE.failed), JSON.stringify({ ...note, message: refused.message }));
      throw refused;
    } finally {
      rmSync(beside(BESIDE.building), { force: true });
      lock.release();
    }
  };

  const begin = (request: EnvironmentRequest, key: string): Build => {
    const waiters = new Set<Waiter>();
    const abort = new AbortController();
    const done = build(request, waiters, abort.signal).finally(() => builds.delete(key));
    // A build whose waiters all left fails for nobody.
    done.catch(() => undefined);
    const made = { waiters, abort, done };
    builds.set(key, made);
    return made;
  };

  const obtain = async (request: EnvironmentRequest, waiter: Waiter): Promise<PythonEnvironment> => {
    const key = environmentKey(request);
    for (;;) {
      waiter.signal.throwIfAborted();
      const found = ready(request);
      if (found !== null) return found;
      const running = builds.get(key);
      if (running?.abort.signal.aborted === true) {
        await running.done.catch(() => undefined);
        continue;
      }
      if (running !== undefined) waiter.say("Waiting for the Python environment that another step is building\n");
      return await joined(running ?? begin(request, key), waiter);
    }
  };

  return { ready, obtain };
}

/** Waits with the others; the last one to leave ends the build. */
function joined(build: Build, waiter: Waiter): Promise<PythonEnvironment> {
  build.waiters.add(waiter);
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      build.waiters.delete(waiter);
      if (build.waiters.size === 0) build.abort.abort();
      reject(waiter.signal.reason);
    };
    waiter.signal.addEventListener("abort", leave, { once: true });
    build.done.then(resolve, reject).finally(() => {
      build.waiters.delete(waiter);
      waiter.signal.removeEventListener("abort", leave);
    });
  });
}

function refusal(error: unknown, isIndexSet: boolean): StartRefusal {
  if (!(error instanceof BuildFailure)) return startRefusal(error, "Building the Python environment");
  const { lastLines, requirements } = error;
  const failed =
    requirements.length === 0 ? "Cannot make a Python environment" : `Cannot install ${requirements.join(", ")}`;
  return new StartRefusal({
    code: "environment-failed",
    message: `${failed}.\n${lastLines}\n${remedyOf(error, isIndexSet)}`,
    subject: requirements.join(" ") || null,
  });
}

const AHEAD = "or make the environment while it is online (penstock envs add): it is kept.";

function remedyOf({ unreached }: BuildFailure, isIndexSet: boolean): string {
  if (unreached !== null) {
    return `The package index could not be reached: ${unreached}. Retry when it answers, name one that does (PENSTOCK_INDEX_URL), ${AHEAD}`;
  }
  if (isIndexSet) return "Check the packages and that the index has them, then retry.";
  return `If this machine cannot reach an index, name one that it reaches (PENSTOCK_INDEX_URL), ${AHEAD}`;
}
