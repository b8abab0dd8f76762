/** A real Penstock on its own data directory and port, for browser tests, faults and benchmarks. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataDir } from "@/server/platform/data-dir";
import { programRoot } from "@/server/platform/root";

export interface TestServer {
  readonly home: string;
  readonly url: string;
  readonly token: string;
  readonly files: ReturnType<typeof dataDir>;
  /** The supervisor's process id. */
  readonly pid: number;
  /** Process ids of the children as they are now; null while one is being restarted. */
  children(): { engine: number | null; web: number | null };
  /** Waits until the engine's heartbeat is fresh and the web answers. */
  ready(timeoutMs?: number): Promise<void>;
  /** Ends the supervisor with TERM and waits; steps go on running. */
  stop(): Promise<void>;
  /** Stops, and removes the data directory. */
  remove(): Promise<void>;
}

/** A port that nothing listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** Waits until `condition` gives something truthy, looking every `everyMs`; throws with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeoutMs = 20_000,
  everyMs = 20,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`gave up after ${timeoutMs} ms waiting for ${what}`);
    await new Promise((resume) => setTimeout(resume, everyMs));
  }
}

function childPids(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").trim().split(/\s+/).filter(Boolean).map(Number) : [];
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

export interface StartOptions {
  readonly home?: string;
  readonly port?: number;
  readonly env?: { readonly [name: string]: string };
  readonly args?: readonly string[];
}

/** Starts the built server (dist/) and waits until it can take runs. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), "penstock-e2e-"));
  const port = options.port ?? (await freePort());
  const output = join(home, "test-server.log");
  const fd = openSync(output, "a");
  const child: ChildProcess = spawn(
    process.execPath,
    [join(programRoot(), "dist", "supervisor.js"), "--port", String(port), "--home", home, ...(options.args ?? [])],
    { stdio: ["ignore", fd, fd], env: { ...process.env, ...options.env }, cwd: programRoot() },
  );
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const files = dataDir(home);
  const url = `http://127.0.0.1:${port}`;
  const isUp = async () => {
    if (child.exitCode !== null) {
      throw new Error(`the server ended with ${child.exitCode}:\n${readFileSync(output, "utf8")}`);
    }
    return (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
  };
  await until("the server to be ready", isUp, 30_000);
  const token = String(JSON.parse(readFileSync(files.serverFile, "utf8")).token);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
  };
  return {
    home,
    url,
    token,
    files,
    pid: child.pid ?? 0,
    children() {
      const pids = childPids(child.pid ?? 0);
      const find = (name: string) => pids.find((pid) => commandLine(pid).includes(`dist/${name}.js`)) ?? null;
      return { engine: find("engine"), web: find("web") };
    },
    ready: async (timeoutMs) => {
      await until("the server to be ready again", isUp, timeoutMs);
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
