/** F7: the disk fills under the database, the logs and the artifacts; the server lives and goes on when space returns. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { isRunOver } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import { type Api, apiOf } from "../../support/api";
import { startServer, type TestServer, until } from "../../support/server";
import type { Scenario } from "../scenario";
import { pause } from "../scenario";
import { sideBySide } from "../steps";

const mount = (at: string, megabytes: number) =>
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "penstock-test", at]);
const unmount = (at: string) => execFileSync("umount", ["-l", at]);

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), "penstock-mount-"));
  try {
    mount(at, 1);
    unmount(at);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

/** Fills what is left below `at`, all but `spare` bytes, and gives the file to remove. */
function fill(at: string, spare = 0): string {
  const file = join(at, "filler");
  const { bavail, bsize } = statfsSync(at);
  try {
    writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - spare)));
  } catch {
    // The last page did not fit: the disk is as full as it gets.
  }
  return file;
}

async function answers(server: TestServer, api: Api, found: string[], when: string): Promise<void> {
  const alive = await fetch(`${server.url}/healthz`).then(
    (r) => r.status === 200,
    () => false,
  );
  if (!alive) found.push(`the web process does not answer ${when}`);
  await api.query("runs.list", {}).catch((error: unknown) => found.push(`lists fail ${when}: ${String(error)}`));
}

/** The database's own disk is full: what is refused says so, what was accepted ends when space returns. */
async function fullDatabase(found: string[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "penstock-full-db-"));
  mount(home, 64);
  const server = await startServer({ home });
  try {
    const api = apiOf(server);
    const upload = await api.upload({ "s.json": JSON.stringify(sideBySide("s", ["sleep 0.7; echo done"])) });
    const accepted: string[] = [(await api.createRun(upload.version.id)).id];
    const filler = fill(home);
    let refused = "";
    for (let i = 0; i < 30 && refused === ""; i++) {
      await api.createRun(upload.version.id).then(
        (run) => accepted.push(run.id),
        (error: unknown) => {
          refused = String(error);
        },
      );
    }
    if (refused !== "" && !/disk|space|full/i.test(refused))
      found.push(`a refusal on a full disk does not say so: ${refused}`);
    await pause(1_500);
    await answers(server, api, found, "on a full database disk");
    rmSync(filler);
    for (const id of accepted) {
      const end = await api.finished(id, 30_000);
      // A step that could not write its log fails by its own command; then the reason must name the disk.
      const isTold = end.state === "failed" && /disk/i.test(end.reason?.message ?? "");
      if (end.state !== "succeeded" && !isTold) {
        found.push(`run accepted on a full disk ended ${end.state}: ${end.reason?.message}`);
      }
    }
    const db = openDatabase(server.files.database, { readonly: true });
    const integrity = db.$client.pragma("integrity_check", { simple: true });
    db.$client.close();
    if (integrity !== "ok") found.push(`I8: integrity_check says ${String(integrity)}`);
  } finally {
    await server.stop();
    unmount(home);
    rmSync(home, { recursive: true, force: true });
  }
}

/** The disk of logs and artifacts is full: the step may fail, saying so; the next run works when space is back. */
async function fullRuns(found: string[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "penstock-full-runs-"));
  mkdirSync(join(home, "runs"));
  mount(join(home, "runs"), 4);
  const server = await startServer({ home });
  try {
    const api = apiOf(server);
    const chatty = await api.upload({
      "c.json": JSON.stringify(sideBySide("c", ["head -c 12000000 /dev/zero | tr '\\0' 'x' && echo whole"])),
    });
    const quick = await api.upload({ "q.json": JSON.stringify(sideBySide("q", ["echo fine"])) });
    const end = await api.finished((await api.createRun(chatty.version.id)).id, 30_000);
    if (end.state !== "failed") found.push(`a step whose log did not fit ended ${end.state}`);
    await answers(server, api, found, "on a full log disk");
    const filler = fill(join(home, "runs"));
    const waiting = await api.createRun(quick.version.id);
    const seen = await until("the run to wait for the disk", async () => {
      const run = await api.query<RunView>("runs.get", { id: waiting.id });
      const task = run.tasks[0];
      return task?.reason?.code === "waiting-for-disk" || isRunOver(run.state) ? run : null;
    });
    if (isRunOver(seen.state))
      found.push(`a run on a full disk ended ${seen.state} and did not wait: ${seen.reason?.message}`);
    execFileSync("find", [join(home, "runs"), "-name", "log", "-size", "+1M", "-delete"]);
    rmSync(filler, { force: true });
    const after = await api.finished(waiting.id, 30_000);
    if (after.state !== "succeeded")
      found.push(`after space returned the run ended ${after.state}: ${after.reason?.message}`);
  } finally {
    await server.stop();
    unmount(join(home, "runs"));
    rmSync(home, { recursive: true, force: true });
  }
}

export const diskFullScenario: Scenario = {
  id: "F7",
  title: "disk full under the database, and under logs and artifacts",
  async run() {
    if (!canMount()) return { violations: [], figures: {}, skipped: "this user may not mount a tmpfs" };
    const found: string[] = [];
    await fullDatabase(found);
    await fullRuns(found);
    return { violations: found, figures: {} };
  },
};
