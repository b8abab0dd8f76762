/** What this release runs of a Kubeflow pipeline: tables of constructs refused at the start of a run, or run without. */
import type { JsonValue, OutputBinding, PipelineGraph, Problem, Step } from "../graph";

/** A construct that would change what a pipeline does; a run that needs one is refused. Delete the entry once it runs. */
interface Construct {
  readonly rule: string;
  /** Says what the step has, as the subject of "… not run yet"; null when it has none. */
  readonly find: (step: Step, graph: PipelineGraph, steps: ReadonlyMap<string, Step>) => string | null;
}

const REFUSED: readonly Construct[] = [
  { rule: "loop", find: (step) => (step.loop === undefined ? null : "loops (ParallelFor) are") },
  {
    rule: "condition",
    find: (step) => (step.condition === undefined ? null : `conditions (${shown(step.condition)}) are`),
  },
  { rule: "exit-handler", find: (step) => (step.kind === "exit-handler" ? "exit handlers are" : null) },
  {
    rule: "run-after-failure",
    find: (step) =>
      step.trigger === "completed" ? "steps that run after a failure (exit tasks, ignore_upstream_failure) are" : null,
  },
  {
    rule: "final-status",
    find: (step) =>
      step.parameters.some((one) => one.source.from === "final-status")
        ? "inputs that take a task's final status are"
        : null,
  },
  { rule: "retry", find: (step) => (step.retry === undefined ? null : `retries (here ${step.retry.maxRetries}) are`) },
  { rule: "importer", find: (step) => (step.kind === "importer" ? "importers are" : null) },
  {
    rule: "one-of",
    find: (step) =>
      step.body.body === "group" && hasOneOf([...step.body.outputParameters, ...step.body.outputArtifacts])
        ? "outputs taken from one of several branches (OneOf) are"
        : null,
  },
  {
    rule: "collected",
    find: (step, _graph, steps) =>
      inputSteps(step).some((path) => steps.get(path)?.loop !== undefined)
        ? "inputs collected from a loop (Collected) are"
        : null,
  },
  {
    rule: "selector",
    find: (step) =>
      step.parameters.some((one) => one.selector !== undefined)
        ? "inputs picked out of a struct (parameterExpressionSelector) are"
        : null,
  },
  {
    rule: "concat",
    find: (step) =>
      words(step).some((word) => /^\s*\{\s*"Concat"/.test(word)) ? "arguments put together by Concat are" : null,
  },
  {
    rule: "if-present",
    find: (step) =>
      words(step).some((word) => /^\s*\{[\s\S]*"IfPresent"/.test(word)) ? "arguments under IfPresent are" : null,
  },
  {
    rule: "workspace",
    find: (step) =>
      words(step).some((word) => word.includes("{{$.workspace_path}}"))
        ? "the workspace ({{$.workspace_path}}) is"
        : null,
  },
  {
    rule: "dynamic-volume",
    find: (step) =>
      step.body.body === "container" && /^argostub\/(?:create|delete)pvc\b/.test(step.body.image)
        ? `volumes made in a run (${step.body.image}) are`
        : null,
  },
  {
    rule: "foreign-executor",
    find: (step) => (step.body.body === "foreign" ? `executors of the kind ${step.body.what} are` : null),
  },
];

/** Platform settings by what happens to a step that has one. Keys nobody knows are run without. */
const PLATFORM: { readonly [key: string]: { readonly is: "refused" | "left-out"; readonly what: string } } = {
  pvcMount: { is: "refused", what: "volume mounts" },
  secretAsEnv: { is: "refused", what: "secrets as environment variables" },
  secretAsVolume: { is: "refused", what: "secrets as files" },
  configMapAsEnv: { is: "refused", what: "config maps as environment variables" },
  configMapAsVolume: { is: "refused", what: "config maps as files" },
  emptyDirMounts: { is: "refused", what: "scratch volumes" },
  genericEphemeralVolume: { is: "refused", what: "ephemeral volumes" },
  fieldPathAsEnv: { is: "refused", what: "pod fields as environment variables" },
  initContainers: { is: "refused", what: "init containers" },
  activeDeadlineSeconds: { is: "left-out", what: "the time limit of a step" },
  enabledSharedMemory: { is: "left-out", what: "shared memory" },
  podMetadata: { is: "left-out", what: "labels and annotations" },
  tolerations: { is: "left-out", what: "tolerations" },
  nodeSelector: { is: "left-out", what: "node selectors" },
  nodeAffinity: { is: "left-out", what: "node affinity" },
  podAffinity: { is: "left-out", what: "pod affinity" },
  imagePullSecret: { is: "left-out", what: "image pull secrets" },
  imagePullPolicy: { is: "left-out", what: "the image pull policy" },
  securityContext: { is: "left-out", what: "the security context" },
};

/** Why a run of this graph would not do what it says, one problem per step and construct; empty means it can start. */
export function runRefusals(graph: PipelineGraph): Problem[] {
  if (graph.format !== "kfp") return [];
  const steps = new Map(graph.steps.map((step) => [step.path, step]));
  const problems: Problem[] = [];
  if (graph.workspace !== undefined)
    problems.push(refusal("workspace", "workspace", "a workspace shared by all steps is"));
  if (hasOneOf([...graph.outputs.parameters, ...graph.outputs.artifacts])) {
    problems.push(refusal("one-of", "root.dag.outputs", "outputs taken from one of several branches (OneOf) are"));
  }
  for (const artifact of graph.inputArtifacts.filter((one) => one.optional !== true)) {
    problems.push(
      refusal(
        "input-artifact",
        `root.inputDefinitions.artifacts.${artifact.name}`,
        `pipelines that take an artifact as input (${artifact.name}) are`,
      ),
    );
  }
  for (const step of graph.steps) {
    for (const { rule, find } of REFUSED) {
      const what = find(step, graph, steps);
      if (what !== null) problems.push(refusal(rule, step.path, what, step));
    }
    for (const [key, value] of platformOf(step)) {
      const known = Object.hasOwn(PLATFORM, key) ? PLATFORM[key] : undefined;
      if (known?.is === "refused" && isGiven(value))
        problems.push(refusal(`platform-${key}`, step.path, `${known.what} (${key}) are`, step));
    }
  }
  return problems;
}

/** What the pipeline asks for and the run does without, one warning per setting with the steps that ask for it. */
export function notApplied(graph: PipelineGraph): Problem[] {
  if (graph.format !== "kfp") return [];
  const found = new Map<string, { what: string; steps: Step[] }>();
  const note = (rule: string, what: string, step: Step) => {
    const entry = found.get(rule) ?? { what, steps: [] };
    entry.steps.push(step);
    found.set(rule, entry);
  };
  for (const step of graph.steps) {
    if (step.cache.enabled && step.body.body === "container") note("cache", "result caching (every step runs)", step);
    const resources = step.body.body === "container" ? (step.body.resources ?? {}) : {};
    for (const [key, value] of Object.entries(resources)) {
      if (!isGiven(value)) continue;
      if (key === "accelerator") note("accelerator", "accelerators", step);
      else note("resources", "CPU and memory limits and requests", step);
    }
    for (const [key, value] of platformOf(step)) {
      const known = Object.hasOwn(PLATFORM, key) ? PLATFORM[key] : undefined;
      if (known?.is === "refused" || !isGiven(value)) continue;
      note(`platform-${key}`, known?.what ?? `the platform setting ${key}`, step);
    }
  }
  const problems = [...found].map(([rule, { what, steps }]) => leftOut(rule, what, steps));
  if (graph.timeoutMs !== undefined) problems.push(leftOut("timeout", "the time limit of the run", []));
  return problems;
}

function refusal(rule: string, place: string, what: string, step?: Step): Problem {
  const subject = step === undefined ? "This pipeline cannot be started" : `The step "${step.name}" cannot be run`;
  return {
    severity: "error",
    stage: "run",
    place,
    rule,
    message: `${subject}: ${what} not run yet. The pipeline is kept; start it with a later release, or take this out and upload it as a new version.`,
    ...(step === undefined ? {} : { step: step.path }),
  };
}

function leftOut(rule: string, what: string, steps: readonly Step[]): Problem {
  const unique = [...new Set(steps)];
  const [first] = unique;
  const names = unique
    .slice(0, 5)
    .map((step) => step.name)
    .join(", ");
  const where =
    unique.length === 0 ? "" : ` Asked for by ${names}${unique.length > 5 ? ` and ${unique.length - 5} more` : ""}.`;
  return {
    severity: "warning",
    stage: "run",
    place: unique.length === 1 && first !== undefined ? first.path : "run",
    rule,
    message: `Not applied: ${what}.${where}`,
    ...(unique.length === 1 && first !== undefined ? { step: first.path } : {}),
  };
}

/** The step's platform settings under their camelCase names. */
function platformOf(step: Step): [string, JsonValue][] {
  return Object.entries(step.platform ?? {}).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
}

function isGiven(value: JsonValue): boolean {
  if (value === null || value === false || value === "" || value === 0) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function hasOneOf(outputs: readonly OutputBinding[]): boolean {
  return outputs.some((output) => output.sources.length > 1);
}

function inputSteps(step: Step): string[] {
  return [...step.parameters, ...step.artifacts].flatMap(({ source }) => (source.from === "task" ? [source.step] : []));
}

function words(step: Step): readonly string[] {
  return step.body.body === "container" ? [...step.body.command, ...step.body.args] : [];
}

function shown(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
