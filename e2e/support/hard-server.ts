/** A server for tests of bad input: runs what it is given, tells what became of it, and looks for what was left behind. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import type { RunView } from "@/server/domain/views/runs";
import type { StatusView } from "@/server/domain/views/status";
import type { TaskSummary, TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { type Api, apiOf } from "./api";
import { type StartOptions, startServer, type TestServer, until } from "./server";
import { alone, shell } from "./shell-specs";

export const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));

export interface HardServer {
  readonly server: TestServer;
  readonly api: Api;
  /** Uploads a compiled pipeline and gives its version. */
  version(spec: string): Promise<string>;
  /** Uploads, starts and waits; fails when it takes longer than `withinMs`. */
  run(spec: string, parameters?: { readonly [name: string]: JsonValue }, withinMs?: number): Promise<RunView>;
  /** The words with which an upload or a start is refused. */
  refusal(doing: Promise<unknown>): Promise<string>;
  task(run: RunView, name: string): TaskSummary;
  whole(task: TaskSummary): Promise<TaskView>;
  log(run: RunView, name: string): string;
  /** The folder of a task's newest attempt. */
  folder(task: TaskSummary): string;
  /** Most memory that the engine held since the last question, in bytes; the next count begins now. */
  enginePeak(): number;
  /** Engine and web are those of the start, nothing of any run is left over, and a run that is well still succeeds. */
  expectWell(): Promise<void>;
}

/** Processes whose environment names a run of this data directory. */
function stepProcesses(runs: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`=${runs}/`) && !isZombie(pid);
      } catch {
        return false;
      }
    })
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 200));
}

const isZombie = (pid: string): boolean => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

/** Starts it. Every spec is run by its own name. */
export async function hardServer(options: StartOptions = {}): Promise<HardServer> {
  const server = await startServer({ ...options, env: { PENSTOCK_LOG: "warn", PENSTOCK_SLOTS: "4", ...options.env } });
  const api = apiOf(server);
  const children = server.children();
  const version = async (spec: string) => (await api.upload({ "spec.yaml": spec })).version.id;
  const healthy = await version(alone("healthy", shell("echo well")));

  const task = (run: RunView, name: string): TaskSummary => {
    const found = run.tasks.find((one) => one.step === name || one.name === name);
    if (found === undefined) throw new Error(`no task ${name} among ${run.tasks.map((one) => one.step).join(", ")}`);
    return found;
  };
  const folder = ({ id, attempt }: TaskSummary): string => {
    const [found] = readdirSync(server.files.runs)
      .map((run) => join(server.files.runs, run, String(id), String(attempt)))
      .filter((path) => existsSync(path));
    if (found === undefined) throw new Error(`task ${id} has no folder`);
    return found;
  };

  return {
    server,
    api,
    version,
    run: async (spec, parameters = {}, withinMs = 15_000) =>
      api.finished((await api.createRun(await version(spec), parameters)).id, withinMs),
    refusal: (doing) =>
      doing.then(
        () => "it was accepted",
        (error: Error) => error.message,
      ),
    task,
    whole: (of) => api.query<TaskView>("tasks.get", { id: of.id }),
    folder,
    log: (run, name) => readFileSync(join(folder(task(run, name)), "log"), "utf8"),
    enginePeak() {
      const status = readFileSync(`/proc/${children.engine}/status`, "utf8");
      writeFileSync(`/proc/${children.engine}/clear_refs`, "5");
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
    },
    async expectWell() {
      expect((await api.finished((await api.createRun(healthy)).id, 15_000)).state).toBe("succeeded");
      expect(server.children()).toEqual(children);
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      const status = await api.query<StatusView>("system.status");
      expect([status.running, status.queued, status.slots.used]).toEqual([0, 0, 0]);
      await until("the steps' processes to be gone", () => stepProcesses(server.files.runs).length === 0, 5_000).catch(
        () => expect(stepProcesses(server.files.runs)).toEqual([]),
      );
      expect(readdirSync(server.files.tmp)).toEqual([]);
    },
  };
}
