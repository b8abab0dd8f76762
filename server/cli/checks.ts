/** What `penstock doctor` looks at on this machine: each check is one look with what to do about it. */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { request } from "node:http";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { byteText } from "@/server/domain/bytes";
import { dataDir } from "@/server/platform/data-dir";
import type { Settings } from "@/server/platform/env";
import type { Surroundings } from "./output";

/** One look; what is not needed may be missing and nothing is wrong. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly needed: boolean;
  /** What was found, or how to mend it. */
  readonly message: string;
}

type Env = Surroundings["env"];

const MIN_FREE_BYTES = 1024 ** 3;
const MIN_NODE = [20, 19] as const;
const MIN_PYTHON = [3, 9] as const;
const PATIENCE_MS = 10_000;
const PING_MS = 2_000;

const run = promisify(execFile);
const needed = (name: string, ok: boolean, message: string): Check => ({ name, ok, needed: true, message });
const useful = (name: string, ok: boolean, message: string): Check => ({ name, ok, needed: false, message });

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, theirs = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return ours > major || (ours === major && theirs >= minor);
}

function checkNode(): Check {
  const ok = isAtLeast(process.versions.node, MIN_NODE);
  return needed("node", ok, ok ? process.version : `${process.version}; install ${MIN_NODE.join(".")} or later`);
}

async function checkPython({ python }: Settings): Promise<Check> {
  const mend = "install Python 3 or set PENSTOCK_PYTHON";
  try {
    const { stdout, stderr } = await run(python, ["--version"], { timeout: PATIENCE_MS });
    const said = (stdout || stderr).trim();
    const ok = isAtLeast(said.replace(/^Python /, ""), MIN_PYTHON);
    return needed(
      "python",
      ok,
      ok ? `${python}: ${said}` : `${python}: ${said}; steps need ${MIN_PYTHON.join(".")}: ${mend}`,
    );
  } catch {
    return needed("python", false, `${python} does not start; ${mend}`);
  }
}

async function checkUv(): Promise<Check> {
  try {
    return useful("uv", true, (await run("uv", ["--version"], { timeout: PATIENCE_MS })).stdout.trim());
  } catch {
    return useful(
      "uv",
      false,
      "not installed; it is fetched into the data directory when an environment is first built",
    );
  }
}

/** Where Jupyter looks for kernels, by its own rules. */
function kernelFolders(env: Env): string[] {
  const home = env.HOME ?? homedir();
  const data =
    env.JUPYTER_DATA_DIR ?? join(home, process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter");
  const more = (env.JUPYTER_PATH ?? "").split(delimiter).filter((path) => path !== "");
  return [...more, data, "/usr/local/share/jupyter", "/usr/share/jupyter"].map((path) => join(path, "kernels"));
}

function checkKernels(env: Env): Check {
  const found = kernelFolders(env).flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, "kernel.json"))) : [],
  );
  const names = [...new Set(found)].sort();
  return names.length > 0
    ? useful("jupyter kernels", true, names.join(", "))
    : useful(
        "jupyter kernels",
        false,
        "none installed; Python notebooks run on the interpreter above, other languages need theirs",
      );
}

/** Whether a container engine answers at this socket, and what it calls itself. */
function ping(socketPath: string): Promise<string | null> {
  return new Promise((resolve) => {
    const asking = request({ socketPath, path: "/_ping", timeout: PING_MS }, (response) => {
      response.resume();
      resolve(String(response.headers.server ?? "answers"));
    });
    asking.once("timeout", () => asking.destroy());
    asking.once("error", () => resolve(null));
    asking.end();
  });
}

async function checkSocket(name: string, sockets: readonly string[]): Promise<Check> {
  const there = sockets.filter((path) => existsSync(path));
  for (const path of there) {
    const server = await ping(path);
    if (server !== null) return useful(name, true, `${path}: ${server}`);
  }
  const [first] = there;
  const why = first === undefined ? "no socket found" : `${first} does not answer, or may not be opened by you`;
  return useful(name, false, `${why}; only steps in containers need one`);
}

function checkKubeconfig(env: Env): Check {
  const given = (env.KUBECONFIG ?? join(env.HOME ?? homedir(), ".kube", "config")).split(delimiter);
  const found = given.find((path) => path !== "" && existsSync(path));
  return found === undefined
    ? useful("kubernetes", false, "no kubeconfig; only steps in pods need one")
    : useful("kubernetes", true, found);
}

/** What others can read though it opens everything. */
function openToOthers(home: string): string[] {
  const { serverFile, secretKey, vaultKey } = dataDir(home);
  return [serverFile, secretKey, vaultKey].filter(
    (path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0,
  );
}

async function checkHome({ home }: Settings): Promise<Check[]> {
  if (!existsSync(home)) return [needed("home", true, `${home} is made at the first start`)];
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return [needed("home", false, `${home} cannot be written; change its owner or set PENSTOCK_HOME`)];
  }
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  const isEnough = free >= MIN_FREE_BYTES;
  const open = openToOthers(home);
  const rights =
    open.length === 0 ? "its keys are readable by you alone" : `others can read ${open.join(", ")}; chmod 600 them`;
  return [
    needed("home", open.length === 0, `${home}, ${rights}`),
    needed("disk", isEnough, `${byteText(free)} free${isEnough ? "" : "; make room"}`),
  ];
}

/** All looks at this machine. */
export async function checkMachine(settings: Settings, env: Env): Promise<Check[]> {
  const runtime = env.XDG_RUNTIME_DIR ?? "/run/user/0";
  const docker = env.DOCKER_HOST?.replace(/^unix:\/\//, "") ?? "/var/run/docker.sock";
  const podman = [join(runtime, "podman", "podman.sock"), "/run/podman/podman.sock"];
  const [python, uv, home, ...sockets] = await Promise.all([
    checkPython(settings),
    checkUv(),
    checkHome(settings),
    checkSocket("docker", [docker]),
    checkSocket("podman", podman),
  ]);
  return [checkNode(), python, uv, checkKernels(env), ...home, ...sockets, checkKubeconfig(env)];
}
