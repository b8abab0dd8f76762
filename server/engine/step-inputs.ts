/** Resolves the inputs of a task from rows and stores them; reads them back for its attempts. */
import { join } from "node:path";
import type { EngineQueries } from "@/db/queries/engine";
import { GROUP_KINDS, type JsonValue, type Step } from "@/pipelines/graph";
import { fillConstants } from "@/server/domain/kfp/placeholders";
import { runFacts } from "@/server/domain/kfp/run-facts";
import { instancePath } from "@/server/domain/planning/instance-path";
import { loopItems } from "@/server/domain/planning/loop-items";
import { FINAL_STATUS, type OverState } from "@/server/domain/planning/rules";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import { hasInputs, resolveArtifacts, resolveParameters, toDeclaredType } from "@/server/domain/planning/values";
import type { Reason } from "@/server/domain/reason";
import { isTaskOver } from "@/server/domain/states";
import { dataDir } from "@/server/platform/data-dir";
import type { ResolvedInputs } from "./attempts/contract";
import type { RunCache, RunMemory } from "./run-cache";

const NO_INPUTS: ResolvedInputs = { parameters: {}, artifacts: {} };
type Parameters = { readonly [name: string]: JsonValue };
export type Inputs =
  | { readonly ok: true; readonly parameters: Parameters }
  | { readonly ok: false; readonly reason: Reason };

const NOTHING: Inputs = { ok: true, parameters: {} };

/** What a loop goes over, read once while it is going on. */
type Items = { readonly parameters: readonly JsonValue[] } | { readonly artifacts: readonly number[] };

export class StepInputs {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #home: string;
  readonly #items = new WeakMap<PlannedTask, Items>();
  readonly #remarked = new WeakSet<PlannedTask>();

  constructor(queries: EngineQueries, cache: RunCache, home: string) {
    this.#queries = queries;
    this.#cache = cache;
    this.#home = home;
  }

  /** Stores the inputs of a task whose dependencies are settled; answers them, or why there are none. */
  resolve(run: RunMemory, task: PlannedTask): Inputs {
    if (task.iteration !== null) return this.#ofIteration(task, task.iteration);
    const { step } = task;
    if (!hasInputs(step)) return NOTHING;
    const { values } = this.#queries;
    const producer = (path: string) => this.#producer(run, task, path)?.key ?? -1;
    const parameters = resolveParameters(
      step,
      GROUP_KINDS.has(step.kind),
      {
        parent: (input) =>
          task.parent === null ? this.#cache.context(run).parameters[input] : this.#parentValue(task.parent, input),
        output: (path, output) => values.parameter(producer(path), "output", output),
        finalStatus: (path) => this.#finalStatus(run, task, path),
        fill: (found) => this.#fill(run, task, found),
      },
      step.loop?.itemInput,
    );
    if (!parameters.ok) return parameters;
    const artifacts = resolveArtifacts(step, {
      parent: (input) => (task.parent === null ? [] : this.#parentArtifacts(task.parent, input)),
      output: (path, output) => values.artifactKeys(producer(path), "output", output),
    });
    if (!artifacts.ok) return artifacts;
    this.#store(task, parameters.values, artifacts.values);
    return { ok: true, parameters: parameters.values };
  }

  /** How many iterations a loop that was reached has, or why it has none to speak of. */
  count(task: PlannedTask, parameters: Parameters): { readonly count: number } | { readonly reason: Reason } {
    const { loop, name } = task.step;
    if (loop === undefined) return { count: 0 };
    if (loop.over === "artifact") {
      const artifacts =
        "input" in loop.items ? this.#queries.values.artifactKeys(task.key, "input", loop.items.input) : [];
      this.#items.set(task, { artifacts });
      return { count: artifacts.length };
    }
    const read = loopItems(loop, name, parameters);
    if (!read.ok) return { reason: read.reason };
    this.#items.set(task, { parameters: read.items });
    return { count: read.items.length };
  }

  /** The stored inputs of a task, as its attempts are given them. */
  read(task: PlannedTask): ResolvedInputs {
    if (!hasInputs(task.step)) return NO_INPUTS;
    const parameters = this.#queries.values.parameters(task.key, "input");
    const artifacts = [...this.#queries.values.artifacts(task.key, "input")].map(([name, rows]) => [
      name,
      rows.map((row) => ({ ...row, path: row.path === null ? null : join(this.#home, row.path) })),
    ]);
    // A list may be empty, which leaves no row.
    const lists = task.step.interface.artifacts.filter((spec) => spec.isList === true && isBound(task.step, spec.name));
    const empty = lists.map((spec) => [spec.name, []]);
    return { parameters, artifacts: { ...Object.fromEntries(empty), ...Object.fromEntries(artifacts) } };
  }

  #ofIteration(task: PlannedTask, iteration: number): Inputs {
    const { step, parent } = task;
    const { loop } = step;
    if (loop === undefined || parent === null) return NOTHING;
    const items = this.#itemsOf(parent);
    const isGroup = GROUP_KINDS.has(step.kind);
    // What an iteration shares with the others is read from the loop; only a step of its own needs it beside it.
    const shared = isGroup ? {} : this.#queries.values.parameters(parent.key, "input");
    const { [inputOf(step) ?? ""]: _items, ...parameters } = shared;
    const artifacts = isGroup ? {} : this.#artifactsBeside(parent, inputOf(step));
    if ("artifacts" in items) {
      const key = items.artifacts[iteration];
      this.#store(task, parameters, { ...artifacts, ...(key === undefined ? {} : { [loop.itemInput]: [key] }) });
      return { ok: true, parameters };
    }
    const item = items.parameters[iteration] ?? null;
    const spec = step.interface.parameters.find((one) => one.name === loop.itemInput);
    const fitted = spec === undefined || item === null ? { value: item } : toDeclaredType(spec, item);
    if ("problem" in fitted) {
      const message = `Item ${iteration} of the loop "${step.name}": ${fitted.problem}.`;
      return { ok: false, reason: { code: "bad-input", message, subject: iteration } };
    }
    const all = { ...parameters, [loop.itemInput]: fitted.value };
    this.#store(task, all, artifacts);
    return { ok: true, parameters: all };
  }

  #itemsOf(loop: PlannedTask): Items {
    const known = this.#items.get(loop);
    if (known !== undefined) return known;
    const counted = this.count(loop, this.#queries.values.parameters(loop.key, "input"));
    if ("reason" in counted) throw new Error(counted.reason.message);
    return this.#items.get(loop) ?? { parameters: [] };
  }

  #artifactsBeside(loop: PlannedTask, items: string | null): { [name: string]: number[] } {
    const rows = [...this.#queries.values.artifacts(loop.key, "input")].filter(([name]) => name !== items);
    return Object.fromEntries(rows.map(([name, list]) => [name, list.map((row) => row.key)]));
  }

  #parentValue(parent: PlannedTask, input: string): JsonValue | undefined {
    const own = this.#queries.values.parameter(parent.key, "input", input);
    if (own !== undefined || parent.iteration === null || parent.parent === null) return own;
    // What the loop goes over is among it: Kubeflow takes it away, but a loop inside may go over the same list again.
    return this.#queries.values.parameter(parent.parent.key, "input", input);
  }

  #parentArtifacts(parent: PlannedTask, input: string): readonly number[] {
    const own = this.#queries.values.artifactKeys(parent.key, "input", input);
    if (own.length > 0 || parent.iteration === null || parent.parent === null) return own;
    return this.#queries.values.artifactKeys(parent.parent.key, "input", input);
  }

  #producer(run: RunMemory, task: PlannedTask, step: string): PlannedTask | undefined {
    return run.plan?.byPath.get(instancePath(step, task.path));
  }

  #finalStatus(run: RunMemory, task: PlannedTask, step: string): JsonValue | undefined {
    const ended = this.#producer(run, task, step);
    if (ended === undefined || !isTaskOver(ended.state)) return undefined;
    const { reason } = ended;
    return {
      state: FINAL_STATUS[ended.state as OverState],
      pipelineJobResourceName: `${run.row.pipelineName}-${run.row.id}`,
      pipelineTaskName: ended.step.key,
      error: ended.state === "failed" && reason !== null ? { code: UNKNOWN_ERROR, message: reason.message } : {},
    };
  }

  #fill(run: RunMemory, task: PlannedTask, found: ReadonlyMap<string, JsonValue>): ReadonlyMap<string, JsonValue> {
    if (!hasPlaceholders(task.step)) return found;
    const facts = runFacts(run.row, task.step.key, task.key, dataDir(this.#home).run(run.row.key));
    const filled = fillConstants(task.step.parameters, found, facts);
    // A task that waits for its twin is looked at more than once.
    if (!this.#remarked.has(task)) {
      this.#remarked.add(task);
      for (const warning of filled.warnings)
        this.#queries.runs.addNotice(run.row.key, "placeholder", warning, task.path);
    }
    return filled.values;
  }

  #store(task: PlannedTask, parameters: Parameters, artifacts: { readonly [name: string]: readonly number[] }): void {
    const { values } = this.#queries;
    for (const [name, value] of Object.entries(parameters)) values.setParameter(task.key, "input", name, value);
    for (const [name, keys] of Object.entries(artifacts)) {
      for (const [position, key] of keys.entries()) values.linkArtifact(task.key, "input", name, position, key);
    }
  }
}

/** `UNKNOWN` of the codes that Kubeflow's error message takes. */
const UNKNOWN_ERROR = 2;

const inputOf = ({ loop }: Step): string | null =>
  loop !== undefined && "input" in loop.items ? loop.items.input : null;

const isBound = (step: Step, input: string): boolean => step.artifacts.some((binding) => binding.name === input);

const placeholders = new WeakMap<Step, boolean>();

function hasPlaceholders(step: Step): boolean {
  const known = placeholders.get(step);
  if (known !== undefined) return known;
  const found = step.parameters.some(
    ({ source }) => source.from === "constant" && JSON.stringify(source.value).includes("{{$"),
  );
  placeholders.set(step, found);
  return found;
}
