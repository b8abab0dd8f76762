/** Builds one virtual environment in its final place, by uv where it can be had, else by venv and pip. */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Interpreter } from "./interpreter";
import type { HeldLock } from "./lock";

/** A `pip install` with these arguments: requirements and flags as the component wrote them. */
export type PipLine = readonly string[];

export interface BuildTools {
  readonly interpreter: Interpreter;
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of all environments; uv is kept in it. */
  readonly envs: string;
  readonly lock: HeldLock;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** A command of the build that did not end well: what it said at its end, and what it was to install. */
export class BuildFailure extends Error {
  readonly lastLines: string;
  readonly requirements: readonly string[];
  /** Why the index was not reached, in the words of the system; null when that was not the cause. */
  readonly unreached: string | null;

  constructor(lastLines: string, requirements: readonly string[], unreached: string | null) {
    super(lastLines);
    this.name = "BuildFailure";
    this.lastLines = lastLines;
    this.requirements = requirements;
    this.unreached = unreached;
  }
}

const TAIL_CHARS = 4_000;
const KILL_AFTER_MS = 2_000;

/** Runs one command of the build in its own process group; its output goes to `say`. */
async function command(tools: BuildTools, argv: readonly string[], requirements: readonly string[]): Promise<void> {
  const { environment, lock, say, signal } = tools;
  signal.throwIfAborted();
  const [program = "", ...args] = argv;
  let tail = "";
  const child = spawn(program, args, { env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const hear = (chunk: Buffer): void => {
    const text = chunk.toString("utf8");
    tail = (tail + text).slice(-TAIL_CHARS);
    say(text);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const signalAll = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // Gone already.
    }
  };
  let killTimer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    signalAll("SIGTERM");
    killTimer = setTimeout(() => signalAll("SIGKILL"), KILL_AFTER_MS);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (child.pid !== undefined) lock.setWorker(child.pid);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) {
      throw new BuildFailure(lastLines(tail) || `${program} ended with code ${code}`, requirements, unreached(tail));
    }
  } finally {
    clearTimeout(killTimer);
    signal.removeEventListener("abort", abort);
  }
}

/** pip goes on without an index that does not answer, and then finds no version of anything. */
const UNREACHED =
  /Failed to establish a new connection: ([^'"()\n]+)|(Failed to resolve [^()\n]+)|(Connection to \S+ timed out)|(Tunnel connection failed: [^'"()\n]+)/;

function unreached(text: string): string | null {
  const found = UNREACHED.exec(text);
  return found === null ? null : (found.slice(1).find((words) => words !== undefined) ?? "").trim();
}

/** The last lines that say something. */
function lastLines(text: string): string {
  const lines = text.split(/\r?\n|\r/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !/^(?:\[notice\]|WARNING: Retrying|Looking in )/.test(line))
    .slice(-4)
    .join("\n");
}

/** Flags of pip that uv does not know and that change nothing. */
const PIP_ONLY = new Set(["--no-warn-script-location", "--disable-pip-version-check", "--no-input"]);

/** Options that are followed by a value; it may be an address with a password in it. */
const WITH_VALUE =
  /^(?:-[icfer]|--(?:index-url|extra-index-url|find-links|trusted-host|constraint|requirement|editable))$/;

/** What a line installs, without its options. */
const requirementsOf = (line: PipLine): string[] =>
  line.filter((part, at) => !part.startsWith("-") && !WITH_VALUE.test(line[at - 1] ?? ""));

/** Makes the environment at `directory`; leaves nothing of a failed try. Throws `BuildFailure` or the abort. */
export async function buildEnvironmentAt(
  directory: string,
  lines: readonly PipLine[],
  tools: BuildTools,
): Promise<void> {
  const uv = lines.length === 0 ? null : await findUv(tools);
  if (uv !== null) {
    try {
      await buildByUv(uv, directory, lines, tools);
      return;
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      tools.say("uv could not build the environment; trying again with pip.\n");
    }
  }
  await buildByPip(directory, lines, tools);
}

async function buildByUv(uv: string, directory: string, lines: readonly PipLine[], tools: BuildTools): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  await command(tools, [uv, "venv", "--quiet", "--python", tools.interpreter.executable, directory], []);
  const python = join(directory, "bin", "python");
  for (const line of lines) {
    const requirements = requirementsOf(line);
    tools.say(`Installing ${requirements.join(", ")}\n`);
    const args = line.filter((part) => !PIP_ONLY.has(part) && part !== "--quiet");
    await command(tools, [uv, "pip", "install", "--compile-bytecode", "--python", python, ...args], requirements);
  }
}

async function buildByPip(directory: string, lines: readonly PipLine[], tools: BuildTools): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  await command(tools, [tools.interpreter.executable, "-m", "venv", directory], []);
  const python = join(directory, "bin", "python");
  for (const line of lines) {
    const requirements = requirementsOf(line);
    tools.say(`Installing ${requirements.join(", ")}\n`);
    await command(tools, [python, "-m", "pip", "install", ...line], requirements);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** uv on PATH, or in the data directory, fetched there once from the index; null where it cannot be had. */
async function findUv(tools: BuildTools): Promise<string | null> {
  const onPath = (tools.environment.PATH ?? "").split(delimiter).map((folder) => join(folder, "uv"));
  const home = join(tools.envs, "uv");
  const own = join(home, "bin", "uv");
  const found = [...onPath, own].find(isExecutable);
  if (found !== undefined) return found;
  const draft = mkdtempSync(join(tools.envs, "uv-"));
  try {
    tools.say("Fetching uv, which builds environments faster\n");
    const pip = [tools.interpreter.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", draft, "uv"];
    await command({ ...tools, say: () => undefined }, pip, ["uv"]);
    if (!existsSync(home)) renameSync(draft, home);
  } catch {
    // Not to be had, or another build was faster: what lies there now counts.
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  tools.signal.throwIfAborted();
  return isExecutable(own) ? own : null;
}
