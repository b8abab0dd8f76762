/** Holds a data directory, the journal and the machine's processes against the invariants I1–I5 and I7–I9. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { type AttemptState, isAttemptOver, isRunOver, type RunState } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import { ATTEMPT_FILES, dataDir } from "@/server/platform/data-dir";
import type { Api } from "../support/api";
import { executions, overlaps, peakConcurrency, readJournal } from "./journal";

interface AttemptRow {
  readonly runKey: number;
  readonly runId: string;
  readonly runState: RunState;
  readonly taskKey: number;
  readonly path: string;
  readonly number: number;
  readonly state: AttemptState;
  readonly pid: number | null;
}

export interface Expectations {
  /** Ids of the runs that the server has accepted. */
  readonly accepted: readonly string[];
  readonly journal: string;
  readonly slots: number;
  /** Lines that every succeeded step prints. */
  readonly lines: number;
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** Pids whose environment names one of the runs. */
export function processesOf(runIds: ReadonlySet<string>): { pid: number; run: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const run = /(?:^|\0)PENSTOCK_RUN_ID=([^\0]+)/.exec(readFileSync(`/proc/${name}/environ`, "latin1"))?.[1];
        return run !== undefined && runIds.has(run) ? [{ pid: Number(name), run }] : [];
      } catch {
        return [];
      }
    });
}

function logComplaint(home: string, attempt: AttemptRow, lines: number): string | null {
  const file = join(dataDir(home).attempt(attempt.runKey, attempt.taskKey, attempt.number), ATTEMPT_FILES.log);
  const printed = existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("line "))
    : [];
  const isWhole = printed.length === lines && printed.every((line, i) => line === `line ${i + 1} of ${lines}`);
  return isWhole ? null : `I7: the log of ${attempt.runId} ${attempt.path} has ${printed.length} of ${lines} lines`;
}

/** Everything that is wrong, one sentence each; an empty list is a pass. Runs must be over unless still expected alive. */
export async function violations(home: string, api: Api, expected: Expectations): Promise<string[]> {
  const db = openDatabase(dataDir(home).database, { readonly: true });
  const found: string[] = [];
  try {
    const runs = new Map(
      (db.$client.prepare("select id, state from run").all() as { id: string; state: RunState }[]).map((r) => [
        r.id,
        r.state,
      ]),
    );
    for (const id of expected.accepted) if (!runs.has(id)) found.push(`I1: accepted run ${id} is missing`);

    const list = executions(readJournal(expected.journal));
    for (const [a, b] of overlaps(list))
      found.push(`I2: ${a.run} ${a.step} ran twice at once (${a.attempt}, ${b.attempt})`);
    const peak = peakConcurrency(list);
    if (peak > expected.slots) found.push(`I5: ${peak} steps at once with ${expected.slots} slots`);

    const attempts = db.$client
      .prepare(
        `select r.key as runKey, r.id as runId, r.state as runState, t.key as taskKey, t.path, a.number, a.state, a.pid
         from attempt a join task t on t.key = a.task_key join run r on r.key = t.run_key`,
      )
      .all() as AttemptRow[];
    for (const attempt of attempts) {
      if (!isAttemptOver(attempt.state) && (attempt.pid === null || !isAlive(attempt.pid))) {
        found.push(`I3: attempt ${attempt.runId} ${attempt.path} is ${attempt.state} and nothing is alive`);
      }
      if (attempt.state === "succeeded") {
        const complaint = logComplaint(home, attempt, expected.lines);
        if (complaint !== null) found.push(complaint);
      }
    }
    const over = new Set([...runs].filter(([, state]) => isRunOver(state)).map(([id]) => id));
    for (const orphan of processesOf(over))
      found.push(`I4: process ${orphan.pid} of finished run ${orphan.run} is alive`);

    const integrity = db.$client.pragma("integrity_check", { simple: true });
    if (integrity !== "ok") found.push(`I8: integrity_check says ${String(integrity)}`);

    for (const id of expected.accepted) {
      const seen = await api.query<RunView>("runs.get", { id });
      if (seen.state !== runs.get(id))
        found.push(`I9: the API says ${seen.state}, the database ${runs.get(id)} for ${id}`);
    }
  } finally {
    db.$client.close();
  }
  return found;
}
