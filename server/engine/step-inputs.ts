/** Resolves the inputs of a task from rows and stores them; reads them back for its attempts. */
import { join } from "node:path";
import type { EngineQueries } from "@/db/queries/engine";
import type { OutputBinding } from "@/pipelines/graph";
import { instancePath } from "@/server/domain/planning/instance-path";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import { hasInputs, resolveArtifacts, resolveParameters } from "@/server/domain/planning/values";
import type { Reason } from "@/server/domain/reason";
import type { ResolvedInputs } from "./attempts/contract";
import type { RunCache, RunMemory } from "./run-cache";

const NO_INPUTS: ResolvedInputs = { parameters: {}, artifacts: {} };

export class StepInputs {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #home: string;

  constructor(queries: EngineQueries, cache: RunCache, home: string) {
    this.#queries = queries;
    this.#cache = cache;
    this.#home = home;
  }

  /** Stores the inputs of a task whose dependencies are settled; answers why that is impossible, or null. */
  resolve(run: RunMemory, task: PlannedTask): Reason | null {
    if (!hasInputs(task.step)) return null;
    const { values } = this.#queries;
    const producer = (step: string) => run.plan?.byPath.get(instancePath(step, task.path))?.key ?? -1;
    const parameters = resolveParameters(task.step, task.role !== "leaf", {
      parent: (input) =>
        task.parent === null
          ? this.#cache.context(run).parameters[input]
          : values.parameter(task.parent.key, "input", input),
      output: (step, output) => values.parameter(producer(step), "output", output),
    });
    if (!parameters.ok) return parameters.reason;
    const artifacts = resolveArtifacts(task.step, {
      parent: (input) => (task.parent === null ? [] : values.artifactKeys(task.parent.key, "input", input)),
      output: (step, output) => values.artifactKeys(producer(step), "output", output),
    });
    if (!artifacts.ok) return artifacts.reason;
    for (const [name, value] of Object.entries(parameters.values)) values.setParameter(task.key, "input", name, value);
    for (const [name, keys] of Object.entries(artifacts.values)) {
      for (const [position, key] of keys.entries()) values.linkArtifact(task.key, "input", name, position, key);
    }
    return null;
  }

  /** The stored inputs of a task, as its attempts are given them. */
  read(task: PlannedTask): ResolvedInputs {
    if (!hasInputs(task.step)) return NO_INPUTS;
    const parameters = this.#queries.values.parameters(task.key, "input");
    const artifacts = [...this.#queries.values.artifacts(task.key, "input")].map(([name, rows]) => [
      name,
      rows.map((row) => ({ ...row, path: row.path === null ? null : join(this.#home, row.path) })),
    ]);
    return { parameters, artifacts: Object.fromEntries(artifacts) };
  }

  /** Copies the outputs that a group takes from its children; what no child left stays absent. */
  passUp(run: RunMemory, group: PlannedTask): void {
    const { body } = group.step;
    if (body.body !== "group") return;
    const { values } = this.#queries;
    for (const { name, producer, output } of this.#sources(run, group.path, body.outputParameters)) {
      const value = values.parameter(producer, "output", output);
      if (value !== undefined) values.setParameter(group.key, "output", name, value);
    }
    for (const { name, producer, output } of this.#sources(run, group.path, body.outputArtifacts)) {
      for (const [position, key] of values.artifactKeys(producer, "output", output).entries()) {
        values.linkArtifact(group.key, "output", name, position, key);
      }
    }
  }

  /** Stores the outputs of the run as a whole, as far as there are any. */
  passOut(run: RunMemory): void {
    const { values } = this.#queries;
    const { outputs } = run.index.graph;
    for (const { name, producer, output } of this.#sources(run, "", outputs.parameters)) {
      const value = values.parameter(producer, "output", output);
      if (value !== undefined) values.setRunOutput(run.row.key, name, value);
    }
    for (const { name, producer, output } of this.#sources(run, "", outputs.artifacts)) {
      for (const [position, key] of values.artifactKeys(producer, "output", output).entries()) {
        values.linkRunArtifact(run.row.key, name, position, key);
      }
    }
  }

  /** The producer of each output: the first source that has one. Runs with several sources are refused at creation. */
  *#sources(run: RunMemory, from: string, bindings: readonly OutputBinding[]) {
    for (const { name, sources } of bindings) {
      for (const { step, output } of sources) {
        const producer = run.plan?.byPath.get(instancePath(step, from));
        if (producer === undefined) continue;
        yield { name, producer: producer.key, output };
        break;
      }
    }
  }
}
