/** Virtual environments for tests that need packages from the index: built once, kept in the user's cache, shared by all processes. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { programRoot } from "@/server/platform/root";

/** Where the environment's interpreter lies, or why there is none. */
export type PythonEnv =
  | { readonly python: string; readonly reason: null }
  | { readonly python: null; readonly reason: string };

const run = promisify(execFile);
const IDENTITY = "import platform, sys; print(platform.python_version(), platform.machine(), sys.base_prefix)";

const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "penstock-tests");

/** What a process that failed said last; its standard error is text. */
function lastWords(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return (said === "" ? String(error) : (said.split("\n").at(-1) ?? said)).slice(0, 300);
}

/**
 * An environment with exactly these pip requirements. The first call downloads them; later ones, also at the same
 * time, ask no index. Give pins (`kfp==2.0.0`): what was installed stays.
 */
export async function pythonEnv(requirements: readonly string[], cache = cacheFolder()): Promise<PythonEnv> {
  const base = process.env.PENSTOCK_PYTHON ?? "python3";
  let identity: string;
  try {
    identity = (await run(base, ["-c", IDENTITY])).stdout.trim();
  } catch (error) {
    return { python: null, reason: `no Python: ${lastWords(error)}` };
  }
  const key = createHash("sha256")
    .update(JSON.stringify([identity, [...requirements].sort()]))
    .digest("hex");
  const folder = join(cache, `python-${identity.split(" ")[0]}-${key.slice(0, 12)}`);
  const python = join(folder, "bin", "python");
  if (existsSync(join(folder, ".ready"))) return { python, reason: null };
  try {
    await run(base, [join(programRoot(), "e2e", "support", "python_env.py"), folder, ...requirements]);
    return { python, reason: null };
  } catch (error) {
    return { python: null, reason: `${requirements.join(", ")} cannot be installed here: ${lastWords(error)}` };
  }
}
