/** The physical limit that step workloads are held against: the shim with `/bin/true` plus one durable commit each. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { programRoot } from "@/server/platform/root";
import { median } from "./statistics";

/**
 * Milliseconds per step for `count` no-ops through the shim, `inFlight` at a time, each followed by one FULL commit,
 * output to a file. Spawned from this process exactly as the process executor does.
 */
export async function shimLimit(count: number, inFlight: number): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), "penstock-limit-"));
  const db = openDatabase(join(home, "limit.db"));
  db.$client.exec("create table step (id integer primary key, state text)");
  const commit = db.$client.prepare("insert into step (state) values ('succeeded')");
  const shim = join(programRoot(), "pipelines", "runtime", "shim.sh");
  let next = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const dir = join(home, String(next++));
      mkdirSync(dir);
      const log = openSync(join(dir, "log"), "a", 0o600);
      const child = spawn("/bin/sh", [shim, dir, "benchmark", "/bin/true"], {
        detached: true,
        cwd: dir,
        stdio: ["ignore", log, log],
        env: { PATH: process.env.PATH, NODE_ENV: "production" },
      });
      closeSync(log);
      child.once("error", reject);
      child.once("exit", () => {
        commit.run();
        resolve();
      });
    });
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) await one();
    }),
  );
  const perStep = (performance.now() - startedAt) / count;
  db.$client.close();
  rmSync(home, { recursive: true, force: true });
  return perStep;
}

/** Milliseconds that one `spawn` call itself takes here, median of `count`: no engine can start a process sooner. */
export async function spawnLimit(count: number): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    const child = spawn("/bin/sh", ["-c", ":"], { detached: true, stdio: "ignore" });
    took.push(performance.now() - startedAt);
    await once(child, "exit");
  }
  return median(took);
}
