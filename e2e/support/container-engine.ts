/** A container engine of their own for tests, with an image made on the spot; says why where there can be none. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type Pack, pack } from "tar-stream";

const READY_MS = 20_000;

export interface TestEngine {
  readonly socket: string;
  /** An image with a shell and the usual commands. */
  readonly image: string;
  /** The process id of the daemon. */
  readonly pid: () => number;
  /** Starts it again with what it had stored. */
  readonly start: () => Promise<void>;
  /** Ends the daemon by this signal and waits for its end. */
  readonly end: (signal: "SIGTERM" | "SIGKILL") => Promise<void>;
  /** Names of all containers, or of those in a state, whoever made them. */
  readonly containers: (status?: string) => Promise<string[]>;
  readonly remove: (name: string) => Promise<void>;
  /** How often each container was started since a moment. */
  readonly starts: (sinceMs: number) => Promise<ReadonlyMap<string, number>>;
  /** Makes an image of these files. */
  readonly load: (name: string, tar: AsyncIterable<unknown>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const found = (name: string): string | null =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;

/** Why no engine can be had here; null where one can. */
export function whyNoEngine(): string | null {
  if (process.platform !== "linux") return "a container engine is started by hand on Linux alone";
  if (process.getuid?.() !== 0) return "starting a container engine needs root";
  if (found("dockerd") === null) return "dockerd is not installed";
  const busybox = found("busybox");
  if (busybox === null) return "busybox, of which the image is made, is not installed";
  return spawnSync(busybox, ["--list"]).status === 0 ? null : "busybox does not run";
}

/** What the name of a suite that needs an engine ends in: the reporter takes the reason from it. */
export const leftOut = (why: string | null): string => (why === null ? "" : ` (left out: ${why})`);

function putBusybox(tar: Pack): void {
  const busybox = found("busybox") ?? "";
  const applets = spawnSync(busybox, ["--list"], { encoding: "utf8" }).stdout.trim().split("\n");
  for (const name of ["bin/", "usr/bin/", "etc/", "root/"]) tar.entry({ name, type: "directory", mode: 0o755 });
  tar.entry({ name: "tmp/", type: "directory", mode: 0o1777 });
  tar.entry({ name: "etc/passwd" }, "root:x:0:0:root:/root:/bin/sh\nplain:x:1000:1000:plain:/tmp:/bin/sh\n");
  tar.entry({ name: "bin/busybox", mode: 0o755 }, readFileSync(busybox));
  for (const name of applets) {
    if (name !== "busybox") tar.entry({ name: `bin/${name}`, type: "symlink", linkname: "/bin/busybox" });
  }
}

/** A root file system of busybox alone. */
export function busyboxFiles(): AsyncIterable<unknown> {
  const tar = pack();
  putBusybox(tar);
  tar.finalize();
  return tar;
}

const PYTHON = "/usr/bin/python3";

/** Why no image with Python can be made of this machine's; null where one can. */
export function whyNoPython(): string | null {
  const asked = spawnSync(PYTHON, ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" });
  return asked.stdout?.trim() === "/usr"
    ? null
    : "the system has no Python of its own, of which an image could be made";
}

/** Every file below a folder that a Python needs. */
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !/^(?:__pycache__|test|config-.*|dist-packages|ensurepip|idlelib)$/.test(entry.name)) {
      yield* filesBelow(path);
    } else if (entry.isFile()) yield path;
  }
}

/** A root file system of busybox, and this machine's Python with its standard library. */
export function pythonFiles(): AsyncIterable<unknown> {
  const tar = pack();
  putBusybox(tar);
  const real = realpathSync(PYTHON);
  const standard = join("/usr/lib", basename(real));
  const modules = [...filesBelow(standard)];
  const binaries = [real, ...modules.filter((path) => path.endsWith(".so"))];
  const linked = spawnSync("sh", ["-c", 'ldd "$@"', "sh", ...binaries], { encoding: "utf8" }).stdout.matchAll(
    /(\/\S+) \(0x/g,
  );
  for (const path of new Set([...[...linked].map(([, path = ""]) => path), ...modules, real])) {
    tar.entry({ name: path.slice(1), mode: 0o755 }, readFileSync(path));
  }
  for (const name of ["python3", "python"]) tar.entry({ name: `bin/${name}`, type: "symlink", linkname: real });
  tar.finalize();
  return tar;
}

/** One request; the text of the answer. Throws with it where it is a refusal. */
function ask(socketPath: string, method: string, path: string, body?: AsyncIterable<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Type": "application/x-tar" };
    const sent = request({ socketPath, method, path, headers });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) < 400 && !text.startsWith('{"error')) resolve(text);
        else reject(new Error(`${path}: ${text}`));
      });
    });
    if (body === undefined) sent.end();
    else Readable.from(body).pipe(sent);
  });
}

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const sent = request({ socketPath, path: "/_ping", timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("error", () => resolve(false));
    sent.on("timeout", () => sent.destroy());
    sent.end();
  });

/** The command line of a process, empty for one that is gone. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Ends the daemon also when whoever started it dies: then its input ends. */
const KEEPER = 'dockerd "$@" <&- & echo $!; cat >/dev/null; kill $! 2>/dev/null; wait $!';

/** Starts a daemon in a folder of its own, without bridge or firewall rules. Throws with the end of its log. */
export async function startTestEngine(extra: readonly string[] = []): Promise<TestEngine> {
  const home = mkdtempSync(join(tmpdir(), "penstock-docker-"));
  const socket = join(home, "docker.sock");
  let pid = 0;
  let keeper: ReturnType<typeof spawn> | null = null;
  const args = [
    ...["--host", `unix://${socket}`, "--data-root", join(home, "root"), "--exec-root", join(home, "exec")],
    ...["--pidfile", join(home, "pid"), "--bridge", "none", "--iptables=false", "--ip6tables=false"],
    ...["--ip-forward=false", "--ip-masq=false", "--log-level", "error", ...extra],
  ];
  const start = async (): Promise<void> => {
    const log: Buffer[] = [];
    const child = spawn("sh", ["-c", KEEPER, "sh", ...args], { stdio: ["pipe", "pipe", "pipe"] });
    keeper = child;
    child.stdout.on("data", (chunk: Buffer) => {
      pid ||= Number.parseInt(chunk.toString(), 10);
    });
    child.stderr.on("data", (chunk: Buffer) => log.push(chunk));
    pid = 0;
    for (const until = Date.now() + READY_MS; !(await answers(socket)); await delay(50)) {
      if (child.exitCode === null && Date.now() < until) continue;
      await close();
      throw new Error(`dockerd did not come up: ${Buffer.concat(log).toString().slice(-2_000)}`);
    }
  };
  const isGone = (): boolean => {
    try {
      process.kill(pid, 0);
      return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return true;
    }
  };
  /** A daemon that was killed leaves its containerd; with it gone too, a new one finds the containers by themselves. */
  const endContainerd = (): void => {
    const file = join(home, "exec", "containerd", "containerd.pid");
    const left = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
    if (left > 0 && commandOf(left).includes(home)) process.kill(left, "SIGKILL");
    rmSync(file, { force: true });
  };
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (pid > 0 && !isGone()) process.kill(pid, signal);
    for (const until = Date.now() + READY_MS; pid > 0 && !isGone() && Date.now() < until; ) await delay(20);
    if (signal === "SIGKILL") endContainerd();
    keeper?.stdin?.end();
  };
  const close = async (): Promise<void> => {
    if (pid > 0 && !isGone()) process.kill(pid, "SIGCONT");
    await end("SIGTERM");
    endContainerd();
    spawnSync("sh", ["-c", 'grep -o " $1[^ ]*" /proc/mounts | sort -r | xargs -r umount -l', "sh", home]);
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const load = async (name: string, tar: AsyncIterable<unknown>): Promise<void> => {
    await ask(socket, "POST", `/images/create?fromSrc=-&repo=${name.replace(":", "&tag=")}`, tar);
  };
  const containers = async (status?: string): Promise<string[]> => {
    const filters = encodeURIComponent(JSON.stringify(status === undefined ? {} : { status: [status] }));
    const listed = JSON.parse(await ask(socket, "GET", `/containers/json?all=1&filters=${filters}`));
    return listed.map(({ Names }: { Names: string[] }) => (Names[0] ?? "").slice(1));
  };
  const remove = async (name: string): Promise<void> => {
    await ask(socket, "DELETE", `/containers/${name}?force=1`);
  };
  const starts = async (sinceMs: number): Promise<ReadonlyMap<string, number>> => {
    const filters = encodeURIComponent(JSON.stringify({ type: ["container"], event: ["start"] }));
    const window = `since=${Math.floor(sinceMs / 1_000)}&until=${Math.ceil(Date.now() / 1_000) + 1}`;
    const text = await ask(socket, "GET", `/events?${window}&filters=${filters}`);
    const counts = new Map<string, number>();
    for (const line of text.split("\n").filter((one) => one !== "")) {
      const { name } = JSON.parse(line).Actor.Attributes;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  };
  await start();
  await load("penstock-test:1", busyboxFiles());
  return { socket, image: "penstock-test:1", pid: () => pid, start, end, containers, remove, starts, load, close };
}
