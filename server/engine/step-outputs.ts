/** Hands the outputs of tasks on to the groups, loops and the run around them. */
import type { EngineQueries } from "@/db/queries/engine";
import type { OutputBinding } from "@/pipelines/graph";
import { instancePath } from "@/server/domain/planning/instance-path";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import type { RunMemory } from "./run-cache";

export class StepOutputs {
  readonly #queries: EngineQueries;

  constructor(queries: EngineQueries) {
    this.#queries = queries;
  }

  /** Stores the outputs of a group that has succeeded; what no child left stays absent. */
  passUp(run: RunMemory, group: PlannedTask): void {
    if (group.role === "loop") this.#collect(group);
    else if (group.step.body.body === "group") this.#fromChildren(run, group, group.step.body);
  }

  /** Stores the outputs of the run as a whole, as far as there are any. */
  passOut(run: RunMemory): void {
    const { values } = this.#queries;
    const { outputs } = run.index.graph;
    for (const { name, sources } of outputs.parameters) {
      const value = this.#parameter(run, "", sources);
      if (value !== undefined) values.setRunOutput(run.row.key, name, value);
    }
    for (const { name, sources } of outputs.artifacts) {
      for (const [position, key] of this.#artifacts(run, "", sources).entries()) {
        values.linkRunArtifact(run.row.key, name, position, key);
      }
    }
  }

  /** Of a loop: lists in the order of the iterations, nested for parameters and flat for artifacts. */
  #collect(loop: PlannedTask): void {
    const { values } = this.#queries;
    const { outputParameters, outputArtifacts } = loop.step.interface;
    for (const { name } of outputParameters) {
      values.setParameter(loop.key, "output", name, values.collected(loop.key, name));
    }
    for (const { name } of outputArtifacts) {
      for (const [position, key] of values.collectedArtifacts(loop.key, name).entries()) {
        values.linkArtifact(loop.key, "output", name, position, key);
      }
    }
  }

  #fromChildren(
    run: RunMemory,
    group: PlannedTask,
    body: { readonly outputParameters: readonly OutputBinding[]; readonly outputArtifacts: readonly OutputBinding[] },
  ): void {
    const { values } = this.#queries;
    for (const { name, sources } of body.outputParameters) {
      const value = this.#parameter(run, group.path, sources);
      if (value !== undefined) values.setParameter(group.key, "output", name, value);
    }
    for (const { name, sources } of body.outputArtifacts) {
      for (const [position, key] of this.#artifacts(run, group.path, sources).entries()) {
        values.linkArtifact(group.key, "output", name, position, key);
      }
    }
  }

  #parameter(run: RunMemory, from: string, sources: OutputBinding["sources"]) {
    for (const { key, output } of this.#producers(run, from, sources)) {
      const value = this.#queries.values.parameter(key, "output", output);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #artifacts(run: RunMemory, from: string, sources: OutputBinding["sources"]): readonly number[] {
    for (const { key, output } of this.#producers(run, from, sources)) {
      const keys = this.#queries.values.artifactKeys(key, "output", output);
      if (keys.length > 0) return keys;
    }
    return [];
  }

  /** The tasks that may have left an output; of several (OneOf) those that ran to success, in the author's order. */
  *#producers(run: RunMemory, from: string, sources: OutputBinding["sources"]) {
    for (const { step, output } of sources) {
      const producer = run.plan?.byPath.get(instancePath(step, from));
      if (producer === undefined) continue;
      if (sources.length === 1 || producer.state === "succeeded" || producer.state === "cached") {
        yield { key: producer.key, output };
      }
    }
  }
}
