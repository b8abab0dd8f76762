/** One at a time: two starts in the same clone must not install or build over each other. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "./progress.mjs";

const lockFile = join(root, "dist", "in-turn");

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const holder = () => (existsSync(lockFile) ? Number(readFileSync(lockFile, "utf8")) : 0);

/** Runs `work` when no other process of this clone is in its own; takes over from one that died. */
export async function inTurn(work) {
  mkdirSync(join(root, "dist"), { recursive: true });
  for (let isTold = false; ; await pause(200)) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!isAlive(holder())) rmSync(lockFile, { force: true });
    else if (!isTold) process.stdout.write(`Waiting for another start of this clone (process ${holder()}) …\n`);
    isTold = true;
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}
