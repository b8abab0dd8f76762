/** A backup of a server that works, restored elsewhere and started there. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { programRoot } from "@/server/platform/root";
import { oneStep } from "./pipelines";
import { writeFiles } from "./support/bundle";
import { listOf, RunItem, Submitted, WholeRun } from "./support/cli-shapes";
import { startCommand } from "./support/command";
import { startServer, type TestServer, until } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
let server: TestServer;
let folder: string;

beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
beforeAll(async () => {
  if (!isBuilt) return;
  folder = mkdtempSync(join(tmpdir(), "penstock-backup-e2e-"));
  server = await startServer();
});
afterAll(async () => {
  if (!isBuilt) return;
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function penstock(home: string, ...args: readonly string[]) {
  const ran = await startCommand([...args, "--json"], { cwd: folder, env: { PENSTOCK_HOME: home } }).ended;
  return { ...ran, json: ran.out === "" ? null : JSON.parse(ran.out) };
}

test("made during a run, restored elsewhere: the same runs, logs and artifacts, and the run goes on as after a reboot", async () => {
  writeFiles(folder, { "done.json": oneStep("done", "echo quince") });
  const done = await penstock(server.home, "submit", "done.json", "--wait");
  expect(done.exit).toBe(0);
  const gate = join(folder, "gate");
  writeFileSync(
    join(folder, "going.json"),
    oneStep("going", `echo before; while [ -d '${folder}' ] && [ ! -e '${gate}' ]; do sleep 0.05; done; echo after`),
  );
  const { run } = Submitted.parse((await penstock(server.home, "submit", "going.json")).json);
  const going = run?.id ?? "";
  await until("its first line", async () => (await penstock(server.home, "logs", going)).out.includes("before"));

  const made = await penstock(server.home, "backup", "b.tar.gz");
  expect(made, made.err).toMatchObject({ exit: 0, json: { runs: 2, leftOut: [] } });
  const home = join(folder, "restored");
  const restored = await penstock(home, "restore", "b.tar.gz");
  expect(restored, restored.err).toMatchObject({ exit: 0, json: { home, runs: 2, wereRunning: 1 } });

  const second = await startServer({ home });
  try {
    const ids = (json: unknown) =>
      listOf(RunItem)
        .parse(json)
        .items.map(({ id }) => id);
    const before = await penstock(server.home, "runs", "list");
    expect(ids((await penstock(home, "runs", "list")).json)).toEqual(ids(before.json));
    const id = Submitted.parse(done.json).run?.id ?? "";
    expect(WholeRun.parse((await penstock(home, "runs", "get", id)).json).state).toBe("succeeded");
    expect((await penstock(home, "logs", id, "say")).out).toContain("quince");
    const ended = await penstock(home, "runs", "watch", going);
    expect([ended.exit, WholeRun.parse(ended.json).tasks[0]?.attempts[0]?.reason?.code]).toEqual([1, "reboot"]);
    // The step of the first server is not the second one's to end.
    expect((await penstock(server.home, "runs", "get", going)).json.state).toBe("running");
    writeFileSync(gate, "");
    expect((await penstock(server.home, "runs", "watch", going)).json.state).toBe("succeeded");
    expect((await penstock(home, "retry", going, "--wait")).exit).toBe(0);
  } finally {
    await second.stop();
  }
}, 120_000);
