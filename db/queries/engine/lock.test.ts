import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LockRefusal, takeLock } from "./lock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "penstock-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "engine.lock");
const now = new Date("2030-01-02T03:04:05Z");

/** A process of its own that holds the lock as the engine does, until it is ended. */
async function holder(): Promise<ChildProcess> {
  const code = `
    const Database = require(Number(process.versions.napi) >= 10 ? "better-sqlite3-napi" : "better-sqlite3");
    new Database(process.argv[1]).exec("begin exclusive");
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", code, file()], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resume) => child.stdout?.once("data", resume));
  return child;
}

it("is held by one engine; the second is told who holds it", () => {
  const lock = takeLock(file(), now);
  expect(() => takeLock(file(), now)).toThrow(LockRefusal);
  expect(() => takeLock(file(), now)).toThrow(`process ${process.pid}, started 2030-01-02T03:04:05.000Z`);
  lock.release();
  takeLock(file(), now).release();
});

it("is freed by the death of its holder", async () => {
  const child = await holder();
  expect(() => takeLock(file(), now)).toThrow("another process");
  const gone = new Promise((resume) => child.once("exit", resume));
  child.kill("SIGKILL");
  await gone;
  takeLock(file(), now).release();
});
