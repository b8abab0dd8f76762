/** Where the program itself lies: bundles, sources and workers are found from here. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

function findRoot(from: string): string | null {
  for (let dir = from; ; dir = dirname(dir)) {
    const manifest = join(dir, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "penstock") return dir;
    if (dirname(dir) === dir) return null;
  }
}

/** The file that was started; a command that is linked into another folder lies where the link leads. */
function entry(): string {
  const started = resolve(process.argv[1] ?? ".");
  return existsSync(started) ? realpathSync(started) : started;
}

let found: string | undefined;

/** Absolute path of the program's folder (the one with its package.json). Throws when started from elsewhere without it. */
export function programRoot(): string {
  if (found === undefined) {
    const root = findRoot(dirname(entry())) ?? findRoot(process.cwd());
    if (root === null) throw new Error("cannot find Penstock's own folder; start it with `npm start` in the clone");
    found = root;
  }
  return found;
}

/** Absolute path of the folder with the database migrations. */
export const migrationsFolder = (): string => join(programRoot(), "db", "migrations");
