/** Worker thread: size and SHA-256 of a file or a folder, so that gigabytes never hold the engine up. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { parentPort } from "node:worker_threads";

const BLOCK = 1024 * 1024;
const block = Buffer.allocUnsafe(BLOCK);

/** Opened without waiting: what was a file a moment ago may be a pipe now. */
function hashFile(path) {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return null;
    const hash = createHash("sha256");
    let size = 0;
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      hash.update(block.subarray(0, read));
      size += read;
    }
    return { size, digest: hash.digest("hex") };
  } finally {
    closeSync(file);
  }
}

const isWithin = (path, folder) => path === folder || path.startsWith(folder + sep);

/**
 * Every regular file below a folder with its size. Links to files within it count as what they point to, links to
 * folders within it as themselves, so that no circle is ever walked.
 */
function listFolder(root, { maxFiles }) {
  const realRoot = realpathSync(root);
  const found = { files: [], links: [], left: [], bytes: 0, isTooMany: false };
  const take = (path, stat) => {
    found.files.push(path);
    found.bytes += stat.size;
    found.isTooMany = found.files.length > maxFiles;
  };
  const takeLink = (path) => {
    const target = realpathSync(path);
    const stat = statSync(target);
    if (!isWithin(target, realRoot)) found.left.push(relative(root, path));
    else if (stat.isFile()) take(path, stat);
    else if (stat.isDirectory()) found.links.push(path);
    else found.left.push(relative(root, path));
  };
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && !found.isTooMany; folder = folders.pop()) {
    for (const entry of readable(() => readdirSync(folder, { withFileTypes: true }), found, root, folder) ?? []) {
      if (found.isTooMany) break;
      const path = join(folder, entry.name);
      readable(
        () => {
          if (entry.isDirectory()) folders.push(path);
          else if (entry.isFile()) take(path, lstatSync(path));
          else if (entry.isSymbolicLink()) takeLink(path);
          else found.left.push(relative(root, path));
        },
        found,
        root,
        path,
      );
    }
  }
  return found;
}

/** What cannot be read (gone meanwhile, a name that is no text, another user's, a link to nowhere) is left. */
function readable(read, { left }, root, path) {
  try {
    return read();
  } catch {
    left.push(relative(root, path));
    return undefined;
  }
}

function makeReadOnly(path) {
  try {
    const stat = lstatSync(path);
    if (stat.isFile()) chmodSync(path, stat.mode & 0o555);
  } catch {
    // Another user's file stays as it is.
  }
}

function measureFile(path, { maxBytes }) {
  const { size } = lstatSync(path);
  if (size > maxBytes) return { is: "too-large", bytes: size };
  makeReadOnly(path);
  const hashed = hashFile(path);
  return hashed === null ? { is: "absent" } : { is: "measured", ...hashed, isDirectory: false, left: [] };
}

function measureFolder(path, limits) {
  const found = listFolder(path, limits);
  if (found.isTooMany) return { is: "too-many", files: limits.maxFiles };
  if (found.bytes > limits.maxBytes) return { is: "too-large", bytes: found.bytes };
  const hash = createHash("sha256");
  let size = 0;
  for (const file of found.files.sort()) {
    makeReadOnly(file);
    const hashed = readable(() => hashFile(file), found, path, file);
    if (!hashed) continue;
    size += hashed.size;
    hash.update(`${relative(path, file)}\0${hashed.digest}\n`);
  }
  for (const link of found.links.sort())
    hash.update(`${relative(path, link)}\0-> ${relative(path, realpathSync(link))}\n`);
  return { is: "measured", size, digest: hash.digest("hex"), isDirectory: true, left: found.left };
}

parentPort.on("message", ({ id, path, limits }) => {
  try {
    const measurement = lstatSync(path).isDirectory() ? measureFolder(path, limits) : measureFile(path, limits);
    parentPort.postMessage({ id, measurement });
  } catch (error) {
    parentPort.postMessage({ id, failure: error.message });
  }
});
