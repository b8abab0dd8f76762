/** Builds what runs: the pages, and one bundle each for supervisor, web, engine, command and worker. */
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceDigest } from "./digest.mjs";
import { ensureInstalled } from "./install.mjs";
import { root, runQuietly } from "./progress.mjs";
import { inTurn } from "./turn.mjs";

const dist = join(root, "dist");
const stampFile = join(dist, "stamp");

/** Name of each bundle and the source it begins at. */
const BUNDLES = {
  supervisor: "server/supervisor/main.ts",
  web: "server/web/main.ts",
  engine: "server/engine/main.ts",
  cli: "server/cli/main.ts",
  seed: "server/services/seed/main.ts",
  "parse-worker": "server/platform/parse-worker.ts",
  "reading-thread": "db/reading/reading-thread.ts",
};

/** Packages stay outside where they are native or find their own files; the rest is bundled, which halves the start. */
const EXTERNAL = ["next", "better-sqlite3", "better-sqlite3-napi", "react", "react-dom"];

async function bundle() {
  const { build, stop } = await import("esbuild");
  const present = Object.entries(BUNDLES).filter(([, source]) => existsSync(join(root, source)));
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir: dist,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    external: EXTERNAL,
    sourcemap: "linked",
    legalComments: "none",
    logLevel: "error",
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  await stop();
}

/** `npx penstock` in the clone runs the command that was built. */
function linkCommand() {
  const command = join(dist, "cli.js");
  const link = join(root, "node_modules", ".bin", "penstock");
  if (!existsSync(command)) return;
  chmodSync(command, 0o755);
  if (existsSync(link)) return;
  rmSync(link, { force: true });
  symlinkSync(join("..", "..", "dist", "cli.js"), link);
}

const readText = (file) => (existsSync(file) ? readFileSync(file, "utf8") : null);

async function build(digest) {
  rmSync(stampFile, { force: true });
  const next = [process.execPath, join(root, "node_modules", "next", "dist", "bin", "next"), "build"];
  await bundle();
  await runQuietly("Building", next, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
  writeFileSync(stampFile, digest);
}

/** Builds when the sources differ from those of the last build; returns at once when they do not. */
export async function ensureBuilt() {
  if (readText(stampFile) !== sourceDigest()) {
    await inTurn(async () => {
      const digest = sourceDigest();
      if (readText(stampFile) !== digest) await build(digest);
    });
  }
  linkCommand();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await ensureInstalled();
    await ensureBuilt();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
