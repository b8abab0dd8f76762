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

/** Every regular file below a folder; links count as what they point to while that lies within the folder. */
function filesOf(root, folder, files, left) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) filesOf(root, path, files, left);
    else if (entry.isFile()) files.push(path);
    else if (entry.isSymbolicLink()) linked(root, path, files, left);
    else left.push(relative(root, path));
  }
}

function linked(root, path, files, left) {
  try {
    const target = realpathSync(path);
    if (isWithin(target, realpathSync(root)) && lstatSync(target).isFile()) {
      files.push(path);
      return;
    }
  } catch {
    // A link to nowhere.
  }
  left.push(relative(root, path));
}

function makeReadOnly(path) {
  try {
    const stat = lstatSync(path);
    if (stat.isFile()) chmodSync(path, stat.mode & 0o555);
  } catch {
    // Another user's file stays as it is.
  }
}

function measure(path) {
  if (!lstatSync(path).isDirectory()) {
    makeReadOnly(path);
    const hashed = hashFile(path);
    return hashed === null ? null : { ...hashed, isDirectory: false, left: [] };
  }
  const files = [];
  const left = [];
  filesOf(path, path, files, left);
  const hash = createHash("sha256");
  let size = 0;
  for (const file of files.sort()) {
    makeReadOnly(file);
    const hashed = hashFile(file);
    if (hashed === null) continue;
    size += hashed.size;
    hash.update(`${relative(path, file)}\0${hashed.digest}\n`);
  }
  return { size, digest: hash.digest("hex"), isDirectory: true, left };
}

parentPort.on("message", ({ id, path }) => {
  try {
    parentPort.postMessage({ id, measured: measure(path) });
  } catch (error) {
    parentPort.postMessage({ id, failure: error.message });
  }
});
