/** `npm start` and `npm run dev`: installs and builds what is missing, then brings the server up. Needs nothing installed. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";

const OLDEST_NODE = [20, 19];

const args = process.argv.slice(2);

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(`Penstock needs Node ${OLDEST_NODE.join(".")} or later; this is ${process.versions.node}.`);
}

/** The data directory that is meant, before anything is there that could parse the settings properly. */
function home() {
  const at = args.indexOf("--home");
  const flag = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith("--home="))?.slice("--home=".length);
  return flag || process.env.PENSTOCK_HOME || join(process.env.HOME || homedir(), ".penstock");
}

/** Whether a server of this data directory answers: then nothing is rebuilt under its feet. */
async function isRunning() {
  if (!existsSync(new URL("../../dist/supervisor.js", import.meta.url))) return false;
  try {
    const { address, pid } = JSON.parse(readFileSync(join(home(), "server.json"), "utf8"));
    process.kill(pid, 0);
    return (await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

try {
  refuseOldNode();
  if (args.includes("--dev")) {
    await ensureInstalled();
    const { register } = await import("tsx/esm/api");
    register();
    await import("./main.ts");
  } else {
    if (!(await isRunning())) {
      await ensureInstalled();
      await ensureBuilt();
    }
    await import("../../dist/supervisor.js");
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
