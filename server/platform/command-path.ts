/** Finds the program of a command on the PATH of its step, the way a shell would. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const found = new Map<string, string>();

/** Absolute path of a program, null where the machine has none of that name. Answers are kept and looked at again. */
export function findProgram(name: string, path: string): string | null {
  if (isAbsolute(name)) return isProgram(name) ? name : null;
  if (name === "" || name.includes("/")) return null;
  const key = `${path}\0${name}`;
  const before = found.get(key);
  if (before !== undefined && isProgram(before)) return before;
  const program = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(isProgram);
  if (program === undefined) found.delete(key);
  else found.set(key, program);
  return program ?? null;
}
