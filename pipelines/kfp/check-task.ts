/** Checks one task of a graph: its component, inputs, dependencies, iterator, condition and retries. */
import { readJson } from "../text/json";
import { shorten } from "../text/limits";
import { conditionParameters, parseCondition } from "./condition";
import { placeOf } from "./message";
import { checkOutput, type Scope } from "./scope";
import { selectorKey } from "./selector";
import type { ParameterInput, TaskSpec } from "./spec";
import { constantOf, durationMs, ORCHESTRATOR_TYPES } from "./types";

/** Reports everything wrong with a task as seen from its own graph. */
export function checkTask(scope: Scope, key: string, task: TaskSpec): void {
  const place = placeOf(`${scope.place}.tasks`, key);
  const name = task.componentRef?.name ?? "";
  if (scope.spec.components?.has(name) !== true) {
    const message =
      name === "" ? "The task names no component." : `The component "${shorten(name)}" is not in the file.`;
    scope.report("unknown-component", `${place}.componentRef`, message);
  }
  for (const [input, binding] of task.inputs?.parameters ?? []) {
    checkParameter(scope, placeOf(`${place}.inputs.parameters`, input), binding);
  }
  for (const [input, binding] of task.inputs?.artifacts ?? []) {
    const where = placeOf(`${place}.inputs.artifacts`, input);
    const producer = binding.taskOutputArtifact;
    if (producer !== undefined) {
      checkOutput(scope, where, "artifacts", producer.producerTask, producer.outputArtifactKey);
    } else checkParentArtifact(scope, where, binding.componentInputArtifact);
  }
  for (const other of task.dependentTasks ?? []) {
    if (!scope.tasks.has(other)) {
      scope.report(
        "unknown-dependency",
        `${place}.dependentTasks`,
        `The task "${shorten(other)}" is not in the same graph.`,
      );
    }
  }
  checkIterator(scope, place, task);
  checkCondition(scope, place, task);
  checkRetry(scope, place, task);
  checkMissing(scope, place, task);
}

function checkParameter(scope: Scope, place: string, binding: ParameterInput): void {
  const kinds = (["taskOutputParameter", "runtimeValue", "componentInputParameter", "taskFinalStatus"] as const).filter(
    (kind) => binding[kind] !== undefined,
  );
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? "no source" : `${kinds.length} sources (${kinds.join(", ")})`;
    scope.report("input-source", place, `The input has ${found}; it needs exactly one.`);
    return;
  }
  const { taskOutputParameter: output, taskFinalStatus: status, runtimeValue: runtime } = binding;
  if (output !== undefined) checkOutput(scope, place, "parameters", output.producerTask, output.outputParameterKey);
  if (status !== undefined && !scope.tasks.has(status.producerTask ?? "")) {
    scope.report(
      "unknown-producer",
      place,
      `The task "${shorten(status.producerTask ?? "")}" is not in the same graph.`,
    );
  }
  if (runtime !== undefined && runtime.runtimeParameter === undefined && constantOf(runtime) === undefined) {
    scope.report("input-source", place, "The input has neither a constant nor a parameter as its value.");
  }
  const parent = binding.componentInputParameter ?? runtime?.runtimeParameter;
  if (parent !== undefined && scope.component.inputDefinitions?.parameters?.has(parent) !== true) {
    scope.report("unknown-parent-input", place, `The enclosing graph has no input parameter "${shorten(parent)}".`);
  }
  const selector = binding.parameterExpressionSelector;
  if (selector !== undefined && selectorKey(selector) === null) {
    const message = `The selector ${shorten(JSON.stringify(selector))} is not understood; parseJson(string_value)["key"] is.`;
    scope.report("selector-syntax", `${place}.parameterExpressionSelector`, message);
  }
}

function checkParentArtifact(scope: Scope, place: string, name: string | undefined): void {
  if (name === undefined) scope.report("input-source", place, "The input artifact has no source.");
  else if (scope.component.inputDefinitions?.artifacts?.has(name) !== true) {
    scope.report("unknown-parent-input", place, `The enclosing graph has no input artifact "${shorten(name)}".`);
  }
}

function checkIterator(scope: Scope, place: string, task: TaskSpec): void {
  const { parameterIterator: overParameter, artifactIterator: overArtifact } = task;
  if (overParameter !== undefined && overArtifact !== undefined) {
    scope.report(
      "two-iterators",
      place,
      "The task loops over a parameter and over an artifact. Keep one of the iterators.",
    );
    return;
  }
  const limit = task.iteratorPolicy?.parallelismLimit;
  if (limit !== undefined && (limit < 0 || !Number.isInteger(limit))) {
    scope.report(
      "parallelism",
      `${place}.iteratorPolicy`,
      "The parallelism limit has to be a whole number, 0 for none.",
    );
  }
  const iterator = overParameter ?? overArtifact;
  if (iterator === undefined) return;
  const where = `${place}.${overParameter === undefined ? "artifactIterator" : "parameterIterator"}`;
  if ((iterator.itemInput ?? "") === "")
    scope.report("loop-item", where, "The loop does not say which input takes the item.");
  const raw = overParameter?.items?.raw;
  if (raw !== undefined) {
    const list = readJson(raw);
    if (!list.ok || !Array.isArray(list.value))
      scope.report("loop-items", where, "The items of the loop are no JSON list.");
    return;
  }
  const source = overParameter?.items?.inputParameter ?? overArtifact?.items?.inputArtifact;
  const inputs = overParameter === undefined ? task.inputs?.artifacts : task.inputs?.parameters;
  if (source === undefined || inputs?.has(source) !== true) {
    scope.report("loop-items", where, `The task has no input "${shorten(source ?? "")}" to loop over.`);
  }
}

function checkCondition(scope: Scope, place: string, task: TaskSpec): void {
  const text = task.triggerPolicy?.condition;
  if (text === undefined || text === "") return;
  const where = `${place}.triggerPolicy.condition`;
  const outcome = parseCondition(text);
  if (!outcome.ok) {
    scope.report("condition-syntax", where, `Character ${outcome.at + 1} of the condition: ${outcome.message}`);
    return;
  }
  const component = scope.spec.components?.get(task.componentRef?.name ?? "");
  for (const name of new Set(conditionParameters(outcome.condition))) {
    if (task.inputs?.parameters?.has(name) || component?.inputDefinitions?.parameters?.has(name)) continue;
    scope.report("unknown-input", where, `The condition reads "${shorten(name)}", which is no input of the task.`);
  }
}

function checkRetry(scope: Scope, place: string, task: TaskSpec): void {
  const retry = task.retryPolicy;
  if (retry === undefined) return;
  const { maxRetryCount: count = 0 } = retry;
  if (count < 0 || !Number.isInteger(count)) {
    scope.report("retry", `${place}.retryPolicy`, "maxRetryCount has to be a whole number of 0 or more.");
  }
  for (const field of ["backoffDuration", "backoffMaxDuration"] as const) {
    const text = retry[field];
    if (text !== undefined && durationMs(text) === null) {
      scope.report(
        "retry",
        `${place}.retryPolicy.${field}`,
        `"${shorten(text)}" is no duration. Write seconds as in "30s".`,
      );
    }
  }
}

/** A required input that nothing feeds: Kubeflow starts such a task, which then misses the value. */
function checkMissing(scope: Scope, place: string, task: TaskSpec): void {
  const inputs = scope.spec.components?.get(task.componentRef?.name ?? "")?.inputDefinitions;
  const items = [task.parameterIterator?.itemInput, task.artifactIterator?.itemInput];
  const isFed = (name: string, fed: ReadonlyMap<string, unknown> | undefined) => fed?.has(name) || items.includes(name);
  const missing = [
    ...[...(inputs?.parameters ?? [])]
      .filter(([, input]) => input.defaultValue === undefined && input.isOptional !== true)
      .filter(
        ([name, input]) => !ORCHESTRATOR_TYPES.has(input.parameterType ?? "") && !isFed(name, task.inputs?.parameters),
      )
      .map(([name]) => name),
    ...[...(inputs?.artifacts ?? [])]
      .filter(([name, input]) => input.isOptional !== true && !isFed(name, task.inputs?.artifacts))
      .map(([name]) => name),
  ];
  if (missing.length === 0) return;
  const names = missing
    .slice(0, 10)
    .map((name) => `"${shorten(name)}"`)
    .join(", ");
  scope.report("missing-input", place, `Nothing gives a value to the required input ${names}.`, "warning");
}
