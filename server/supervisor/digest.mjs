/** The digest of everything that a build is made of. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./progress.mjs";

const FOLDERS = ["app", "components", "server", "db", "pipelines", "public"];
const FILES = ["package.json", "package-lock.json", "next.config.mjs", "postcss.config.mjs", "tsconfig.json"];
const isIgnored = (path) => /\.(test|contract)\.tsx?$|\/\.|\.md$/.test(path);

function* filesBelow(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() && !isIgnored(path)) yield path;
  }
}

/** SHA-256 over paths and contents of the sources, hex. */
export function sourceDigest() {
  const hash = createHash("sha256");
  const present = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  for (const path of [
    ...FILES.filter((file) => existsSync(join(root, file))),
    ...present.flatMap((f) => [...filesBelow(f)]),
  ]) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
