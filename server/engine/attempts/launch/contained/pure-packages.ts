/** The packages of a lightweight component as a folder that any image's Python can read; none where one is compiled. */
import { readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { PythonWrapper } from "@/server/domain/kfp/python-wrapper";
import type { Waiter } from "../../../waiter";
import { type AttemptRequest, StartRefusal } from "../../contract";
import { type InterpreterTools, interpreterName } from "../with-interpreter";

export interface PurePackages {
  /** Goes onto the step's PYTHONPATH. */
  readonly folder: string;
}

const COMPILED = /\.(?:so|pyd|dylib)$/;
/** Whether folders hold compiled modules, by their path: an environment does not change once it is built. */
const known = new Map<string, boolean>();

async function isPure(folder: string): Promise<boolean> {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const names = await readdir(folder, { recursive: true });
  const pure = !names.some((name) => COMPILED.test(name));
  known.set(folder, pure);
  return pure;
}

/** Where an environment keeps its packages; null where that is not to be seen. */
function packagesIn(directory: string): string | null {
  try {
    const version = readdirSync(join(directory, "lib")).find((name) => name.startsWith("python3"));
    return version === undefined ? null : join(directory, "lib", version, "site-packages");
  } catch {
    return null;
  }
}

/** The packages from the cache of environments; null where the step has to install them itself. */
export async function purePackages(
  tools: InterpreterTools,
  request: AttemptRequest,
  lines: PythonWrapper["packages"],
  waiter: Waiter,
): Promise<PurePackages | null> {
  try {
    const interpreter = await tools.interpreters.find(interpreterName(tools, request));
    const environment = await tools.environments.obtain({ interpreter, lines }, waiter);
    const folder = packagesIn(environment.directory);
    if (folder !== null && (await isPure(folder))) return { folder };
  } catch (error) {
    if (waiter.signal.aborted || !(error instanceof StartRefusal)) throw error;
    waiter.say(`The packages cannot be prepared here, so the step installs them itself: ${error.message}\n`);
  }
  return null;
}
