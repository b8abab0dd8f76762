/** Installs the packages that the lockfile names, and the one native module for the Node that runs. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, runQuietly } from "./progress.mjs";
import { inTurn } from "./turn.mjs";

const lockfile = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");
const stampFile = join(root, "node_modules", ".penstock-install.json");

/** What the present installation would be stamped with. */
function wanted() {
  const lock = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  return { lock, native: `${process.platform}-${process.arch}-${process.versions.modules}` };
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return null;
  }
}

/** npm as it was started with, else the one on the path. */
function npm(...args) {
  const path = process.env.npm_execpath ?? "";
  return path.endsWith("npm-cli.js") ? [process.execPath, path, ...args] : ["npm", ...args];
}

/** The driver that `db/sqlite.ts` takes on this Node; the newer one brings its binaries, the older one is built. */
const driver = Number(process.versions.napi) >= 10 ? "better-sqlite3-napi" : "better-sqlite3";

const isNativeGood = () =>
  spawnSync(process.execPath, ["-e", `new (require("${driver}"))(":memory:").close()`], { cwd: root }).status === 0;

const releaseInstalled = () =>
  JSON.parse(readFileSync(join(root, "node_modules", "better-sqlite3", "package.json"), "utf8")).version;

/** The driver that was built here before, and the release it was built from; null where there is none that loads. */
function builtDriver() {
  const file = join(root, "node_modules", "better-sqlite3", "build", "Release", "better_sqlite3.node");
  if (driver !== "better-sqlite3" || !existsSync(file) || !isNativeGood()) return null;
  return { file, content: readFileSync(file), release: releaseInstalled() };
}

/** Puts it back after the packages were installed anew, so that a change of one package costs no compile of another. */
function putBack(built) {
  if (built === null || built.release !== releaseInstalled()) return;
  mkdirSync(dirname(built.file), { recursive: true });
  writeFileSync(built.file, built.content);
}

/** Where this Node keeps its headers, so that a native module builds without a download; `{}` when it has none. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include", "node", "node.h")) ? { npm_config_nodedir: prefix } : {};
}

async function buildNative() {
  if (driver !== "better-sqlite3") {
    throw new Error(
      `The database module has no binary for ${process.platform} on ${process.arch}; Node 20 can build one.`,
    );
  }
  const command = npm("rebuild", "better-sqlite3", "--ignore-scripts=false", "--foreground-scripts");
  await runQuietly(`Preparing the database module for Node ${process.versions.node}`, command, headers()).catch(
    (error) => {
      throw new Error(
        `${error.message}\n\nThe database module has no ready binary that could be reached, and building it failed. ` +
          "It needs a C++ compiler, make and python3 (Debian: apt-get install build-essential python3; macOS: xcode-select --install).",
      );
    },
  );
  if (!isNativeGood())
    throw new Error("The database module was built but does not load; remove node_modules and start again.");
}

const isInstalled = (want, stamp) => stamp?.lock === want.lock && stamp.native === want.native;

/** Packages that were installed by hand after the lockfile was written count as installed. */
const isByHand = (stamp) =>
  stamp === null && existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;

async function install() {
  const want = wanted();
  const stamp = readStamp();
  if (isInstalled(want, stamp)) return;
  if (stamp?.lock !== want.lock && !isByHand(stamp)) {
    const built = builtDriver();
    await runQuietly(
      "Installing packages",
      npm("ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--no-progress"),
    );
    putBack(built);
  }
  if (!isNativeGood()) await buildNative();
  writeFileSync(stampFile, JSON.stringify(want));
}

/** Brings node_modules in line with the lockfile and with this Node; returns at once when it is. */
export async function ensureInstalled() {
  if (!isInstalled(wanted(), readStamp())) await inTurn(install);
}
