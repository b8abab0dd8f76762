/** Decides for each step that was reached whether it runs, takes an earlier result over, or waits for a twin that makes it now. */
import type { EngineQueries } from "@/db/queries/engine";
import type { CacheCandidate } from "@/db/queries/engine/cache";
import type { JsonValue } from "@/pipelines/graph";
import { type CacheParts, cacheKey, changedParts } from "@/server/domain/cache/cache-key";
import { type CacheFacts, cacheParts } from "@/server/domain/cache/cache-parts";
import { cacheIgnored, cacheObstacle } from "@/server/domain/cache/eligible";
import { bundleFiles, parametersFor, seenFromPipeline, upstreamFiles } from "@/server/domain/cache/file-facts";
import { namedSources } from "@/server/domain/cache/named-sources";
import { GONE, goneArtifact } from "@/server/domain/cache/stored-result";
import { cacheHit, waitingForTwin } from "@/server/domain/cache/words";
import { leavesBefore } from "@/server/domain/planning/neighbours";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import type { Reason } from "@/server/domain/reason";
import { settingValue } from "@/server/domain/settings";
import { isTaskOver, type TaskState } from "@/server/domain/states";
import { lookIn } from "@/server/platform/look-at";
import type { RunCache, RunMemory } from "./run-cache";
import type { Turn } from "./turn";

type Parameters = { readonly [name: string]: JsonValue };

/** What becomes of a step that would be queued; what a verdict takes over or notes is written already. */
export type Verdict =
  | { readonly do: "run" }
  | { readonly do: "hit"; readonly reason: Reason }
  | { readonly do: "wait"; readonly reason: Reason };

interface Waiter {
  readonly run: RunMemory;
  readonly task: PlannedTask;
}

export interface ReuseOptions {
  readonly home: string;
  /** Has the run looked at again. */
  readonly wake: (runKey: number) => void;
}

const RUN: Verdict = { do: "run" };

export class StepReuse {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #options: ReuseOptions;
  /** Who waits for which task. After a restart or a turn undone every pending task is judged anew, so no row keeps it. */
  readonly #waiters = new Map<number, Map<number, Waiter>>();

  constructor(queries: EngineQueries, cache: RunCache, options: ReuseOptions) {
    this.#queries = queries;
    this.#cache = cache;
    this.#options = options;
  }

  /** Judges a leaf whose inputs are resolved. Costs nothing for a step that is never reused. */
  consider(turn: Turn, run: RunMemory, task: PlannedTask, parameters: Parameters): Verdict {
    if (!isEligible(run, task)) return RUN;
    const parts = cacheParts(task.step, this.#facts(run, task, parameters));
    const key = cacheKey(parts);
    if (cacheIgnored(task.step, run.row) !== null) {
      this.#record(turn, run, task, { key, parts, outcome: "off", changed: null });
      return RUN;
    }
    const { profile, priority, experimentKey } = run.row;
    const candidates = this.#queries.cache.candidates({ key, task: task.key, profile, priority, experimentKey });
    const found = this.#usable(candidates);
    if (found.source !== null) return this.#take(turn, run, task, { key, parts, source: found.source });
    const twin = candidates.find(({ isUsable }) => !isUsable);
    // Exit tasks of a run that ends have no time to wait.
    if (twin !== undefined && run.plan?.ending === null && this.#runsTwinsOnce())
      return this.#wait(turn, run, task, twin);
    const changed = found.gone === null ? this.#changed(run, task, parts) : [GONE + found.gone];
    this.#record(turn, run, task, { key, parts, outcome: "miss", changed });
    return RUN;
  }

  /** Notes that a leaf is in another state now: a result becomes usable, and whoever waited for it is looked at again. */
  moved(run: RunMemory, task: PlannedTask, to: TaskState, retryAtMs: number | null): void {
    if (to === "succeeded" && isEligible(run, task)) this.#queries.cache.markUsable(task.key);
    // A twin that is to try again may take long; those who wait for it had better run themselves.
    if (isTaskOver(to) || retryAtMs !== null) this.#release(task.key);
  }

  /** A run has another place in the queue: who of it waits for a twin, and who waits for one of it, is judged anew. */
  requeued(run: RunMemory): void {
    for (const [twinKey, waiters] of [...this.#waiters]) {
      const isTwinMoved = run.plan?.byKey.has(twinKey) === true;
      if (isTwinMoved || [...waiters.values()].some((waiter) => waiter.run === run)) this.#release(twinKey);
    }
  }

  /** Forgets who waits, after rows and memory have parted. */
  clear(): void {
    this.#waiters.clear();
  }

  #release(twinKey: number): void {
    const waiters = this.#waiters.get(twinKey);
    if (waiters === undefined) return;
    this.#waiters.delete(twinKey);
    for (const { run, task } of waiters.values()) {
      run.plan?.agenda.push(task);
      this.#options.wake(run.row.key);
    }
  }

  #wait(turn: Turn, run: RunMemory, task: PlannedTask, twin: CacheCandidate): Verdict {
    const reason = waitingForTwin(twin);
    if (!this.#queries.cache.wait(task.key, reason)) throw new Error(`task ${task.path} is not pending any more`);
    const waiters = this.#waiters.get(twin.taskKey) ?? new Map<number, Waiter>();
    this.#waiters.set(twin.taskKey, waiters.set(task.key, { run, task }));
    task.reason = reason;
    run.changed.set(task.key, "pending");
    turn.touched.add(run);
    return { do: "wait", reason };
  }

  #take(
    turn: Turn,
    run: RunMemory,
    task: PlannedTask,
    { key, parts, source }: { key: string; parts: CacheParts; source: CacheCandidate },
  ): Verdict {
    this.#queries.cache.take(task.key, run.row.key, source.taskKey, turn.nowMs);
    this.#record(turn, run, task, { key, parts, outcome: "hit", changed: null });
    return { do: "hit", reason: cacheHit(source) };
  }

  /** The newest result that is whole, and else the artifact that the newest one has lost. */
  #usable(candidates: readonly CacheCandidate[]): { source: CacheCandidate | null; gone: string | null } {
    let gone: string | null = null;
    for (const candidate of candidates.filter(({ isUsable }) => isUsable)) {
      const lost = goneArtifact(this.#queries.cache.outputs(candidate.taskKey), lookIn(this.#options.home));
      if (lost === null) return { source: candidate, gone: null };
      this.#queries.cache.markGone(candidate.taskKey);
      gone ??= lost;
    }
    return { source: null, gone };
  }

  #changed(run: RunMemory, task: PlannedTask, parts: CacheParts): string[] | null {
    const earlier = this.#queries.cache.earlier(run.row.pipelineName, task.path, task.key);
    return earlier === undefined ? null : changedParts(earlier.parts, parts);
  }

  #runsTwinsOnce(): boolean {
    const name = "run-identical-steps-once";
    return settingValue(name, this.#queries.cache.setting(name));
  }

  #record(
    turn: Turn,
    run: RunMemory,
    task: PlannedTask,
    { key, ...rest }: { key: string; parts: CacheParts; outcome: "hit" | "miss" | "off"; changed: string[] | null },
  ): void {
    const { pipelineName } = run.row;
    const entry = { taskKey: task.key, cacheKey: key, pipelineName, taskPath: task.path, ...rest };
    this.#queries.cache.record(entry, turn.nowMs);
  }

  #facts(run: RunMemory, task: PlannedTask, parameters: Parameters): CacheFacts {
    const { step } = task;
    const context = this.#cache.context(run);
    const named = namedSources(step, parameters, (name) => this.#queries.cache.secretVersions(name));
    const shared = { profile: context.profile, named };
    if (step.body.body !== "file") {
      const artifacts = step.artifacts.length > 0 ? this.#queries.cache.artifacts(task.key, "input") : {};
      return { ...shared, parameters, artifacts, files: {}, upstream: {} };
    }
    return {
      ...shared,
      parameters: parametersFor(step.body, context.parameters),
      artifacts: {},
      files: bundleFiles(step.body, seenFromPipeline(context.specFile, context.files)),
      upstream: this.#upstream(run, task),
    };
  }

  /** Digests of the files that the steps before this one declared and left; of two of one name the later wins. */
  #upstream(run: RunMemory, task: PlannedTask): { [path: string]: string | null } {
    const before = run.plan === null ? [] : leavesBefore(run.plan, task);
    return upstreamFiles(before.map(({ key, step }) => ({ step, left: this.#queries.cache.outputs(key) })));
  }
}

const isEligible = ({ row }: RunMemory, { step }: PlannedTask): boolean => cacheObstacle(step, row) === null;
