/** `penstock doctor`: looks at what most often keeps Penstock from working, and says how to mend it. */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { readEnv, type Settings } from "@/server/platform/env";
import { connect } from "./connection";
import { asCommandError, EXIT } from "./exit";
import { columns, type Output, type Surroundings } from "./output";

const MIN_FREE_BYTES = 1024 ** 3;
const MIN_NODE = [20, 19] as const;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

const run = promisify(execFile);

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  return {
    name: "node",
    ok,
    message: ok ? process.version : `${process.version}; install ${MIN_NODE.join(".")} or later`,
  };
}

async function checkPython({ python }: Settings): Promise<Check> {
  try {
    const { stdout, stderr } = await run(python, ["--version"], { timeout: 10_000 });
    return { name: "python", ok: true, message: `${python}: ${(stdout || stderr).trim()}` };
  } catch {
    return { name: "python", ok: false, message: `${python} does not start; install Python 3 or set PENSTOCK_PYTHON` };
  }
}

async function checkHome({ home }: Settings): Promise<Check> {
  if (!existsSync(home)) return { name: "home", ok: true, message: `${home} is made at the first start` };
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { name: "home", ok: false, message: `${home} cannot be written; change its owner or set PENSTOCK_HOME` };
  }
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  const message = `${home}, ${(free / 1024 ** 3).toFixed(1)} GB free`;
  return {
    name: "home",
    ok: free >= MIN_FREE_BYTES,
    message: free >= MIN_FREE_BYTES ? message : `${message}; make room`,
  };
}

async function checkServer(env: Surroundings["env"]): Promise<{ checks: Check[]; isReachable: boolean }> {
  let url = "";
  try {
    const connection = connect(env);
    url = connection.url;
    const status = await connection.api.system.status.query();
    const { engine, slots } = status;
    const engineCheck: Check = {
      name: "engine",
      ok: engine.alive,
      message: engine.alive
        ? `alive, ${slots.used} of ${slots.total} step slots used`
        : `no sign of life since ${engine.lastSeenAt ?? "ever"}; look into the server's log`,
    };
    return {
      checks: [{ name: "server", ok: true, message: `${url}, Penstock ${status.version}` }, engineCheck],
      isReachable: true,
    };
  } catch (error) {
    const { message, exit } = asCommandError(error, url);
    return { checks: [{ name: "server", ok: false, message }], isReachable: exit !== EXIT.unreachable };
  }
}

/** Returns 0 when all is well, 1 when something is not, 3 when there is no server. */
export async function doctor(output: Output, env: Surroundings["env"]): Promise<number> {
  const settings = readEnv(env, { insecure: true });
  const server = await checkServer(env);
  const checks = [checkNode(), await checkPython(settings), await checkHome(settings), ...server.checks];
  const ok = checks.every((check) => check.ok);
  output.print({ ok, checks }, columns(checks.map((check) => [check.ok ? "ok" : "NOT OK", check.name, check.message])));
  if (!server.isReachable) return EXIT.unreachable;
  return ok ? EXIT.ok : EXIT.failed;
}
