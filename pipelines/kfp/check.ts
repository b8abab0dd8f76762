/** Checks the meaning of a pipeline spec before it is compiled: every name leads somewhere, nothing runs in circles. */
import type { Problem } from "../graph";
import { shorten } from "../text/limits";
import { checkTask } from "./check-task";
import { placeOf } from "./message";
import { checkOutput, type Report, type Scope } from "./scope";
import type { ComponentSpec, DagOutputs, PipelineSpec, TaskSpec } from "./spec";
import { findCycle } from "./task-inputs";
import { ORCHESTRATOR_TYPES, parameterType } from "./types";

const MAX_NAME_BYTES = 128;
/** Steps of one graph, every use of a component counted. */
const MAX_STEPS = 20_000;
/** Graphs inside graphs. */
const MAX_GRAPH_DEPTH = 100;
const SUPPORTED_SCHEMAS: ReadonlySet<string> = new Set(["2.1.0", "2.0.0"]);

/** Every problem of a spec; without an error among them it can be compiled. */
export function checkSpec(spec: PipelineSpec): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (rule, place, message, severity = "error") =>
    problems.push({ severity, stage: "upload", place, rule, message });
  checkHead(spec, report);
  const { root } = spec;
  if (root === undefined) {
    report("missing-root", "root", "The pipeline has no root, so nothing to run. Compile it again with the SDK.");
    return problems;
  }
  if (root.dag === undefined) {
    report("missing-graph", "root", "The root has no graph (dag). Wrap the component in a pipeline and compile that.");
    return problems;
  }
  for (const [name, input] of root.inputDefinitions?.parameters ?? []) {
    const type = input.parameterType ?? input.type ?? "";
    if (parameterType(input) !== null && !ORCHESTRATOR_TYPES.has(type)) continue;
    const message = `The pipeline parameter "${shorten(name)}" has the type ${type === "" ? "(none)" : type}, which a run cannot give. Use another type.`;
    report("wrong-parameter-type", placeOf("root.inputDefinitions.parameters", name), message);
  }
  checkComponent(spec, root, "root", report);
  for (const [name, component] of spec.components ?? []) {
    checkComponent(spec, component, placeOf("components", name), report);
  }
  if (problems.every((problem) => problem.severity !== "error")) checkSize(spec, root, report);
  return problems;
}

function checkHead(spec: PipelineSpec, report: Report): void {
  const name = spec.pipelineInfo?.name ?? "";
  const place = "pipelineInfo.name";
  if (name === "") report("missing-name", place, "The pipeline has no name. Give it one (`name=` of the pipeline).");
  else if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    report("long-name", place, `The pipeline's name is longer than ${MAX_NAME_BYTES} bytes. Shorten it.`);
  } else if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    const message = `The name "${shorten(name)}" is not made of lower-case letters, digits and dashes, which other tools expect.`;
    report("name-style", place, message, "warning");
  }
  const version = spec.schemaVersion ?? "";
  if (!SUPPORTED_SCHEMAS.has(version)) {
    const found = version === "" ? "no schema version" : `schema version ${shorten(version)}`;
    report(
      "schema-version",
      "schemaVersion",
      `The file has ${found}; 2.1.0 is read here. Compile it again with a current SDK.`,
    );
  } else if (version !== "2.1.0") {
    const message = `Schema version ${version} is older than 2.1.0. It is read all the same; compile it again with a current SDK.`;
    report("schema-version", "schemaVersion", message, "warning");
  }
}

/** A name that could not stand in a path or a message. */
function nameProblem(name: string): string | null {
  if (name === "") return "A name is empty.";
  if (name.length > 512) return "A name is longer than 512 characters.";
  if (name === "." || name === "..") return `"${name}" cannot be a name.`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return "A name holds control characters.";
  return /\p{Surrogate}/u.test(name) ? "A name holds half of a character (a lone surrogate)." : null;
}

function checkComponent(spec: PipelineSpec, component: ComponentSpec, place: string, report: Report): void {
  const hasDag = component.dag !== undefined;
  if (hasDag === (component.executorLabel !== undefined && component.executorLabel !== "")) {
    const message = hasDag ? "The component has both a graph (dag) and an executor. Keep one." : "The component has neither a graph (dag) nor an executor."; // biome-ignore format: one sentence
    report("component-kind", place, message);
    return;
  }
  checkNames(component, place, report);
  if (component.dag === undefined) {
    checkExecutor(spec, component.executorLabel ?? "", placeOf(place, "executorLabel"), report);
    return;
  }
  const tasks = component.dag.tasks ?? new Map<string, TaskSpec>();
  const scope: Scope = { spec, component, tasks, place: `${place}.dag`, report };
  for (const [key, task] of tasks) checkTask(scope, key, task);
  const cycle = findCycle(tasks);
  if (cycle !== null) {
    const shown = cycle.slice(0, 20).map((key) => shorten(key));
    const path = `${shown.join(" → ")}${cycle.length > 20 ? " → …" : ""}`;
    report(
      "circular-reference",
      `${place}.dag.tasks`,
      `The tasks wait for each other: ${path}. Remove one of these dependencies.`,
    );
  }
  if (component.dag.outputs !== undefined) checkOutputs(scope, component.dag.outputs);
}

function checkNames(component: ComponentSpec, place: string, report: Report): void {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = component;
  const groups: readonly [string, ReadonlyMap<string, unknown> | undefined][] = [
    ["inputDefinitions.parameters", inputs?.parameters],
    ["inputDefinitions.artifacts", inputs?.artifacts],
    ["outputDefinitions.parameters", outputs?.parameters],
    ["outputDefinitions.artifacts", outputs?.artifacts],
    ["dag.tasks", component.dag?.tasks],
  ];
  for (const [group, names] of groups) {
    for (const name of names?.keys() ?? []) {
      const problem = nameProblem(name);
      if (problem !== null) report("bad-name", placeOf(`${place}.${group}`, name), `${problem} Rename it.`);
    }
  }
}

function checkExecutor(spec: PipelineSpec, label: string, place: string, report: Report): void {
  const executor = spec.deploymentSpec?.executors?.get(label);
  if (executor === undefined) {
    report("unknown-executor", place, `The executor "${shorten(label)}" is not in deploymentSpec.executors.`);
    return;
  }
  const where = placeOf("deploymentSpec.executors", label);
  const kinds = (["container", "importer", "resolver", "customJob"] as const).filter(
    (kind) => executor[kind] !== undefined,
  );
  if (kinds.length !== 1) {
    report(
      "executor-kind",
      where,
      `An executor is a container or an importer; this one is ${kinds.length === 0 ? "neither" : kinds.join(" and ")}.`,
    );
  } else if (executor.container !== undefined && (executor.container.image ?? "") === "") {
    report("missing-image", `${where}.container`, "The container has no image.");
  } else if (executor.importer !== undefined && executor.importer.artifactUri === undefined) {
    report("missing-uri", `${where}.importer`, "The importer has no artifactUri.");
  }
}

function checkOutputs(scope: Scope, outputs: DagOutputs): void {
  const place = `${scope.place}.outputs`;
  for (const [name, output] of outputs.parameters ?? []) {
    const selectors = output.valueFromOneof?.parameterSelectors ?? [];
    for (const one of output.valueFromParameter === undefined ? selectors : [output.valueFromParameter]) {
      checkOutput(
        scope,
        placeOf(`${place}.parameters`, name),
        "parameters",
        one.producerSubtask,
        one.outputParameterKey,
      );
    }
  }
  for (const [name, output] of outputs.artifacts ?? []) {
    for (const one of output.artifactSelectors ?? []) {
      checkOutput(scope, placeOf(`${place}.artifacts`, name), "artifacts", one.producerSubtask, one.outputArtifactKey);
    }
  }
}

/** Recursion of components, depth of nesting and number of steps, each component looked at once. */
function checkSize(spec: PipelineSpec, root: ComponentSpec, report: Report): void {
  const sizes = new Map<string, { steps: number; depth: number }>();
  const open: string[] = [];
  let stopped = false;
  const stop = (rule: string, message: string): { steps: number; depth: number } => {
    if (!stopped) report(rule, open.length === 0 ? "root" : placeOf("components", open.at(-1) ?? ""), message);
    stopped = true;
    return { steps: 0, depth: 0 };
  };
  const measure = (component: ComponentSpec): { steps: number; depth: number } => {
    let steps = 0;
    let depth = 0;
    for (const task of component.dag?.tasks?.values() ?? []) {
      if (stopped) break;
      const inner = visit(task.componentRef?.name ?? "");
      steps += 1 + inner.steps;
      depth = Math.max(depth, 1 + inner.depth);
    }
    return { steps, depth };
  };
  const visit = (name: string): { steps: number; depth: number } => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    if (open.includes(name)) {
      const path = [...open.slice(open.indexOf(name)), name].map((one) => shorten(one)).join(" → ");
      return stop(
        "recursive-component",
        `A component contains itself: ${path}. A pipeline cannot recurse; use a loop.`,
      );
    }
    const component = spec.components?.get(name);
    if (component === undefined) return { steps: 0, depth: 0 };
    open.push(name);
    if (open.length > MAX_GRAPH_DEPTH)
      return stop("too-deep", `Graphs are nested more than ${MAX_GRAPH_DEPTH} deep. Flatten the pipeline.`);
    const size = measure(component);
    open.pop();
    sizes.set(name, size);
    return size;
  };
  const { steps } = measure(root);
  if (steps > MAX_STEPS) {
    stop(
      "too-many-steps",
      `The pipeline has ${steps.toLocaleString("en")} steps once every component is expanded; ${MAX_STEPS.toLocaleString("en")} is the limit. Use loops, or split it.`,
    );
  }
}
