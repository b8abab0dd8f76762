/** Runs in memory: caches of rows, made when a run is first touched and forgotten when it is over or long untouched. */
import type { EngineQueries } from "@/db/queries/engine";
import type { RunRow } from "@/db/queries/engine/runs";
import { type GraphIndex, indexGraph } from "@/server/domain/planning/graph-index";
import { planRun } from "@/server/domain/planning/make-plan";
import { canceledBy } from "@/server/domain/planning/reasons";
import { type Ending, endingOf } from "@/server/domain/planning/rules";
import { countsOf, type RunPlan, type TaskRow } from "@/server/domain/planning/run-plan";
import { hasAllTasks } from "@/server/domain/planning/taken-over";
import { LOCAL_PROFILE, type ProfileSettings } from "@/server/domain/profile";
import type { Reason } from "@/server/domain/reason";
import { isRunOver, type RunState, type TaskState } from "@/server/domain/states";
import type { TaskCounts } from "@/server/domain/views/tasks";
import type { RunContext } from "./attempts/contract";
import { partOfRun, type RunPart } from "./run-part";

const MAX_RUNS = 512;
/** Steps of graphs that are kept though no run in memory uses them. */
const MAX_IDLE_STEPS = 5_000;

/** Tasks that a pending run has so far; the next chunk begins at step `at`. */
export interface Expansion {
  at: number;
  leaves: number;
  readonly rows: TaskRow[];
  readonly keys: Map<string, number>;
}

export interface RunMemory {
  /** As it was read; its priority follows the row. */
  row: RunRow;
  readonly index: GraphIndex;
  /** How the tasks of steps begin that have their result from another run, while tasks are made. */
  readonly inherited: RunPart["inherited"];
  state: RunState;
  reason: Reason | null;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** Null until every step has its task. */
  plan: RunPlan | null;
  expansion: Expansion | null;
  context: RunContext | null;
  /** Read before the rest of the context where nothing else of it is needed yet. */
  profile: ProfileSettings | null;
  /** What this turn has changed so far: the state that is stored, and the tasks that moved. */
  storedState: RunState;
  readonly changed: Map<number, TaskState>;
}

export class RunCache {
  readonly #queries: EngineQueries;
  readonly #runs = new Map<number, RunMemory>();
  readonly #graphs = new Map<number, WeakRef<GraphIndex>>();
  /** Keeps the graphs of lately read versions from being collected, newest last. */
  #recent: GraphIndex[] = [];

  constructor(queries: EngineQueries) {
    this.#queries = queries;
  }

  /** The run, or null when it is over or gone. Throws when its rows make no sense. */
  open(key: number): RunMemory | null {
    const known = this.#runs.get(key);
    if (known !== undefined) {
      this.#runs.delete(key);
      this.#runs.set(key, known);
      return known;
    }
    const row = this.#queries.runs.find(key);
    if (row === undefined || isRunOver(row.state)) return null;
    const run = this.#load(row);
    this.#runs.set(key, run);
    return run;
  }

  forget(key: number): void {
    this.#runs.delete(key);
  }

  /** Forgets everything, after rows and memory have parted; the graphs never change. */
  clear(): void {
    this.#runs.clear();
  }

  /** Forgets the runs that were touched longest ago, but for those that `isNeeded`. */
  trim(isNeeded: (key: number) => boolean): void {
    let surplus = this.#runs.size - MAX_RUNS;
    if (surplus <= 0) return;
    for (const key of this.#runs.keys()) {
      if (surplus <= 0) return;
      if (isNeeded(key)) continue;
      this.#runs.delete(key);
      surplus -= 1;
    }
  }

  /** What the attempts of a run are told about it. */
  context(run: RunMemory): RunContext {
    run.context ??= this.#makeContext(run);
    return run.context;
  }

  /** The profile as it went along with the run. */
  profile(run: RunMemory): ProfileSettings {
    run.profile ??= this.#queries.runs.profileSettings(run.row.key) ?? LOCAL_PROFILE;
    return run.profile;
  }

  #load(row: RunRow): RunMemory {
    const rows = this.#queries.tasks.list(row.key);
    const { index, inherited } = this.partOf(row, rows);
    const ending = endingOfRow(row);
    const isWhole = row.state !== "pending" || hasAllTasks(index, rows);
    const keys = new Map(rows.map((task) => [task.path, task.key]));
    const leaves = rows.filter((task) => isLeaf(index, task)).length;
    return {
      row,
      index,
      inherited,
      state: row.state,
      reason: row.cancelRequestedAtMs === null ? row.reason : canceledBy(row.cancelRequestedBy),
      startedAtMs: null,
      finishedAtMs: null,
      plan: isWhole || ending !== null ? planRun(index, rows, ending) : null,
      expansion: isWhole || ending !== null ? null : { at: 0, leaves, rows, keys },
      context: null,
      profile: null,
      storedState: row.state,
      changed: new Map(),
    };
  }

  /** The part of its version's graph that a run executes. */
  partOf = (row: RunRow, tasks: readonly TaskRow[]): RunPart =>
    partOfRun(this.#queries, row, this.#graph(row.versionKey), tasks);

  #graph(versionKey: number): GraphIndex {
    const known = this.#graphs.get(versionKey)?.deref();
    if (known !== undefined) return known;
    const index = indexGraph(this.#queries.runs.graph(versionKey));
    this.#graphs.set(versionKey, new WeakRef(index));
    this.#recent.push(index);
    let steps = this.#recent.reduce((sum, one) => sum + one.steps.size, 0);
    while (steps > MAX_IDLE_STEPS) steps -= this.#recent.shift()?.steps.size ?? 0;
    return index;
  }

  #makeContext(run: RunMemory): RunContext {
    const { row } = run;
    const { format, specFile, files } = this.#queries.runs.files(row.versionKey);
    const { extent } = row;
    const continued = extent.kind === "from" ? this.#queries.runs.named(extent.runId) : undefined;
    return {
      key: row.key,
      id: row.id,
      name: row.name,
      format,
      pipelineName: row.pipelineName,
      createdAtMs: row.createdAtMs,
      scheduledAtMs: row.scheduledAtMs,
      parameters: this.#queries.runs.parameters(row.key),
      files,
      specFile,
      profile: this.profile(run),
      fileMode: row.fileMode,
      continues: continued === undefined ? null : { runKey: continued.key },
    };
  }
}

/** The ending a run is in or about to be in; null when it goes on. */
function endingOfRow({ state, reason, cancelRequestedAtMs, isCancelHard }: RunRow): Ending | null {
  if (cancelRequestedAtMs !== null) return { kind: "canceled", isHard: isCancelHard };
  return state === "canceling" ? endingOf(reason?.code, isCancelHard) : null;
}

function isLeaf(index: GraphIndex, { stepPath, iteration }: TaskRow): boolean {
  const step = index.steps.get(stepPath);
  return step !== undefined && index.role(step, iteration) === "leaf";
}

/** The counts of a run's leaf tasks as its row should show them now. */
export function countsNow(run: RunMemory): TaskCounts {
  if (run.plan !== null) return countsOf(run.plan);
  const pending = run.expansion?.leaves ?? 0;
  return pending > 0 ? { pending } : {};
}
