/** `secret.key`: what signs sessions and page tokens; made once per data directory. */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dataDir } from "./data-dir";
import { writeSecretFile } from "./secret-file";

const KEY_BYTES = 32;

function readKey(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** The installation's key, 32 random bytes, made on first use. Two processes that ask at once get the same one. */
export function secretKey(home: string): Buffer {
  const path = dataDir(home).secretKey;
  const found = readKey(path);
  if (found === null) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const mine = `${path}.${process.pid}`;
    writeSecretFile(mine, randomBytes(KEY_BYTES));
    try {
      linkSync(mine, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(mine);
    }
  }
  const key = found ?? readFileSync(path);
  if (key.length !== KEY_BYTES) {
    throw new Error(`${path} is damaged; remove it to get a new one (everyone signs in again)`);
  }
  return key;
}
