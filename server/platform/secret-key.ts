/** The installation's keys, each made once in a file of the data directory that only its owner reads. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { dataDir } from "./data-dir";
import { writeSecretFile } from "./secret-file";

const KEY_BYTES = 32;

function readKey(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Until the folder is on the disk too, a loss of power could leave what was sealed without its key. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The 32 random bytes in `path`, made on first use; `remedy` says what to do with a damaged file. */
function keyIn(path: string, remedy: string): Buffer {
  const found = readKey(path);
  if (found === null) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const mine = `${path}.${process.pid}`;
    writeSecretFile(mine, randomBytes(KEY_BYTES));
    try {
      linkSync(mine, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(mine);
    }
    syncFolder(dirname(path));
  }
  const key = found ?? readFileSync(path);
  if (key.length !== KEY_BYTES) throw new Error(`${path} is damaged; ${remedy}`);
  return key;
}

/** What signs sessions and page tokens. Two processes that ask at once get the same one. */
export const secretKey = (home: string): Buffer =>
  keyIn(dataDir(home).secretKey, "remove it to get a new one (everyone signs in again)");

/** What seals the values of secrets; apart from the other, so that ending all sessions loses no secret. */
export const vaultKey = (home: string): Buffer =>
  keyIn(
    dataDir(home).vaultKey,
    "it seals the values of secrets: put it back from a backup, or remove it and give every secret its values anew",
  );
