/** What an engine is made of, and which part knows which. */
import type { Db } from "@/db/client";
import { type EngineQueries, engineQueries } from "@/db/queries/engine";
import type { DataDir } from "@/server/platform/data-dir";
import type { Log } from "@/server/platform/log";
import { AttemptDesk } from "./attempt-desk";
import type { AttemptRunner } from "./attempts/contract";
import { Bookkeeper } from "./bookkeeper";
import { Claims } from "./claims";
import { ClockWatch } from "./clock-watch";
import { DiskRest } from "./disk-rest";
import { Heartbeat } from "./heartbeat";
import { Orchestrator } from "./orchestrator";
import { Recurrences } from "./recurrences";
import { RunCache } from "./run-cache";
import { RunRows } from "./run-rows";
import type { EngineClock } from "./steady-clock";
import { StepInputs } from "./step-inputs";
import { StepOutputs } from "./step-outputs";
import { StepReuse } from "./step-reuse";
import { StorageWait } from "./storage-wait";
import { TaskMaker } from "./task-maker";
import { Timers } from "./timers";

export interface EngineOptions {
  readonly db: Db;
  readonly runner: AttemptRunner;
  readonly clock: EngineClock;
  /** Steps at once. */
  readonly slots: number;
  readonly dataDir: Pick<DataDir, "home">;
  readonly log: Log;
  /** Called when there is something for a turn to record at once. */
  readonly wake: () => void;
  /** Whether somebody else has written since the last question; a hint that intents may be there. */
  readonly hasChanged: () => boolean;
}

/** The parts that turns go through. */
export interface EngineParts {
  readonly queries: EngineQueries;
  readonly cache: RunCache;
  readonly desk: AttemptDesk;
  readonly orchestrator: Orchestrator;
  readonly bookkeeper: Bookkeeper;
  readonly rows: RunRows;
  readonly claims: Claims;
  readonly reuse: StepReuse;
  readonly timers: Timers;
  readonly recurrences: Recurrences;
  readonly rest: DiskRest;
  readonly storageWait: StorageWait;
  readonly heartbeat: Heartbeat;
  readonly clockWatch: ClockWatch;
}

/** What parts tell the engine. */
interface Tells {
  /** A run has something to do. */
  readonly wakeRun: (runKey: number) => void;
  /** What was read of rows is not true any more. */
  readonly forget: () => void;
}

/** Makes the parts of an engine and tells each of those that it needs. */
export function engineParts(
  { db, runner, clock, slots, dataDir, log, wake }: EngineOptions,
  { wakeRun, forget }: Tells,
): EngineParts {
  const queries = engineQueries(db);
  const heartbeat = new Heartbeat(queries, clock, slots);
  const cache = new RunCache(queries);
  const rows = new RunRows(queries, cache);
  const timers = new Timers(queries);
  const recurrences = new Recurrences(db, queries, log);
  const inputs = new StepInputs(queries, cache, dataDir.home);
  const reuse = new StepReuse(queries, cache, { home: dataDir.home, wake: wakeRun });
  const rest = new DiskRest(log);
  const storageWait = new StorageWait(log);
  const desk = new AttemptDesk(runner, clock.now, log, wake);
  const clockWatch = new ClockWatch(queries, {
    clock,
    desk,
    heartbeat,
    log,
    forget,
  });
  const orchestrator = new Orchestrator(queries, {
    cache,
    inputs,
    outputs: new StepOutputs(queries),
    maker: new TaskMaker(queries),
    reuse,
  });
  const bookkeeper = new Bookkeeper(queries, cache, orchestrator, dataDir.home);
  const claims = new Claims(queries, cache, orchestrator, inputs);
  return {
    queries,
    cache,
    desk,
    orchestrator,
    bookkeeper,
    rows,
    claims,
    reuse,
    timers,
    recurrences,
    rest,
    storageWait,
    heartbeat,
    clockWatch,
  };
}
