/** What of a Kubeflow pipeline a process of this machine runs as written, what it runs without, and what it never runs. */
import type { PipelineGraph, Problem, Step } from "../graph";
import { fieldVariables, platformSettings } from "./platform";
import { isPodField } from "./pod-fields";
import { leftOut, refusedStep } from "./start-problems";

/** Platform settings that steps are given; all others are mounts, which a profile decides on, or left out. */
const APPLIED: ReadonlySet<string> = new Set([
  "secretAsEnv",
  "configMapAsEnv",
  "fieldPathAsEnv",
  "activeDeadlineSeconds",
]);

/** Settings that need a container: they put something at a fixed place of its file system, or run others beside it. */
export const MOUNTS: ReadonlyMap<string, string> = new Map([
  ["pvcMount", "volumes"],
  ["mounted_volumes", "volumes"],
  ["secretAsVolume", "secrets as files"],
  ["configMapAsVolume", "config maps as files"],
  ["emptyDirMounts", "scratch volumes"],
  ["genericEphemeralVolume", "ephemeral volumes"],
  ["initContainers", "containers that run before the step"],
]);

/** Settings that change where and how a pod runs, not what it does. Keys nobody knows are left out under their own name. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ["enabledSharedMemory", "the size of the shared memory"],
  ["podMetadata", "labels and annotations of pods, which steps can read but nobody else"],
  ["tolerations", "tolerations"],
  ["nodeSelector", "node selectors"],
  ["nodeAffinity", "node affinity"],
  ["podAffinity", "pod affinity"],
  ["imagePullSecret", "image pull secrets"],
  ["imagePullPolicy", "the image pull policy"],
  ["securityContext", "the security context"],
]);

/** The one resource that holds for a process too. */
const MEMORY_LIMIT = /^(?:resource_?)?memory_?limit$/i;

const TAKE_OUT = "The pipeline is kept; take this out and upload it as a new version.";

const CPU_LIMIT = /^(?:resource_?)?cpu_?limit$/i;

/** The images that stand for "make a claim" and "remove a claim"; nobody starts them. */
export const isClaimStep = (image: string): boolean => /^argostub\/(?:create|delete)pvc(?:$|[:@])/.test(image);

/** Why no run of this graph can do what it says, whatever its profile and parameters; one problem per step and construct. */
export function runRefusals(graph: PipelineGraph): Problem[] {
  if (graph.format !== "kfp") return [];
  const problems = graph.inputArtifacts
    .filter(({ optional }) => optional !== true)
    .map(({ name }) => inputArtifact(name));
  for (const step of graph.steps) {
    if (step.body.body === "foreign") {
      const why = `executors of the kind ${step.body.what} are run by no Kubeflow backend and not here`;
      problems.push(refusedStep("foreign-executor", step, why, TAKE_OUT));
    }
    const unknown = fieldVariables(step).find(({ fieldPath }) => !isPodField(fieldPath));
    if (unknown !== undefined) {
      const why = `the variable ${unknown.env} takes the pod field ${unknown.fieldPath}, which no container is given`;
      problems.push(refusedStep("platform-fieldPathAsEnv", step, why, TAKE_OUT));
    }
  }
  return problems;
}

/** What the pipeline asks for and no process is given, one warning per setting with the steps that ask for it. */
export function notApplied(graph: PipelineGraph): Problem[] {
  if (graph.format !== "kfp") return [];
  const found = new Map<string, { what: string; steps: Step[] }>();
  const note = (rule: string, what: string, step?: Step) => {
    const entry = found.get(rule) ?? { what, steps: [] };
    if (step !== undefined) entry.steps.push(step);
    found.set(rule, entry);
  };
  if (graph.workspace !== undefined && graph.workspace.size !== "") {
    note("workspace-size", `the size of the workspace (${graph.workspace.size}), which is a folder of this machine`);
  }
  for (const step of graph.steps) {
    if (step.body.body === "container") {
      for (const [key, value] of Object.entries(step.body.resources ?? {})) {
        if (value === null || value === 0 || value === "" || MEMORY_LIMIT.test(key)) continue;
        if (key === "accelerator") note("accelerator", "accelerators", step);
        else if (CPU_LIMIT.test(key)) note("cpu-limit", "CPU limits", step);
        else note("resources", "what is requested of CPU and memory", step);
      }
      if (isClaimStep(step.body.image)) {
        note("claim", "size, class and access modes of volumes made in a run, which are folders of this machine", step);
      }
    }
    for (const [key] of platformSettings(step)) {
      if (APPLIED.has(key) || MOUNTS.has(key)) continue;
      note(`platform-${key}`, LEFT_OUT.get(key) ?? `the platform setting ${key}`, step);
    }
  }
  return [...found].map(([rule, { what, steps }]) => leftOut(rule, what, steps));
}

function inputArtifact(name: string): Problem {
  return {
    severity: "error",
    stage: "run",
    place: `root.inputDefinitions.artifacts.${name}`,
    rule: "input-artifact",
    message: `This pipeline cannot be started: it takes the artifact "${name}" as input, which a run cannot be given. Import it in the pipeline with an importer step.`,
  };
}
