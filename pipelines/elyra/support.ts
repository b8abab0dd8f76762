/** What of a `.pipeline` a process of this machine cannot be given: judged at the start, or listed as not applied. */
import type { FileBody, JsonValue, PipelineGraph, Problem, Step } from "../graph";
import type { StartNeeds } from "../kfp/start-needs";
import { leftOut } from "../kfp/start-problems";

interface FileStep extends Step {
  readonly body: FileBody;
}

const isFileStep = (step: Step): step is FileStep => step.body.body === "file";

const stepsOf = (graph: PipelineGraph): readonly Step[] => (graph.format === "elyra" ? graph.steps : []);

/** Settings of a node: of a generic one beside its sizes, of a custom one in the place of the platform document. */
const settingsOf = (step: Step): { readonly [key: string]: JsonValue } =>
  (step.body.body === "file" ? step.body.resources : step.platform) ?? {};

const mounts = (step: Step): boolean =>
  step.body.body === "file" ? step.body.volumes.length > 0 : isAsked(settingsOf(step).mounted_volumes);

/** Settings that change where and how a pod runs, not what the step does. */
const LEFT_OUT: readonly (readonly [key: string, what: string])[] = [
  ["kubernetes_pod_annotations", "annotations of pods"],
  ["kubernetes_pod_labels", "labels of pods"],
  ["kubernetes_tolerations", "tolerations"],
  ["kubernetes_shared_mem_size", "the size of the shared memory"],
  ["gpu", "GPUs, of which a step sees those of this machine"],
  ["cpu", "processors set aside for a step"],
  ["memory", "memory set aside for a step"],
];

/** What the pipeline asks for and no process is given, one warning per setting with the steps that ask for it. */
export function elyraNotApplied(graph: PipelineGraph): Problem[] {
  const steps = stepsOf(graph);
  return LEFT_OUT.flatMap(([key, what]) => {
    const asking = steps.filter((step) => isAsked(settingsOf(step)[key]));
    return asking.length === 0 ? [] : [leftOut(`elyra-${key}`, what, asking)];
  });
}

const isAsked = (value: JsonValue | undefined): boolean =>
  value !== undefined && value !== null && value !== 0 && value !== "";

/** Mounts, secrets and programs of the steps; null where there are none. An absolute mount path cannot be faked for a process. */
export function elyraNeeds(graph: PipelineGraph): StartNeeds | null {
  const steps = stepsOf(graph);
  const mounting = steps.filter(mounts).map((step) => ({ step, setting: "mounted_volumes" }));
  const groups = steps.filter(isFileStep).flatMap((step) =>
    [...bySecret(step.body.secrets)].map(([name, secrets]) => ({
      step,
      source: { is: "constant", value: name } as const,
      isUncertain: false,
      wanted: {
        what: "secret",
        setting: "kubernetes_secrets",
        isOptional: false,
        name,
        nameInput: "",
        variables: secrets.map(({ env, key }) => ({ env, key })),
      } as const,
    })),
  );
  const programs = steps.flatMap((step) => programOf(step));
  if (mounting.length + groups.length + programs.length === 0) return null;
  return { mounts: mounting, groups, imports: [], programs };
}

/** What a custom component starts; a Python is always there. */
function programOf(step: Step): { step: Step; program: string; image: string }[] {
  if (step.body.body !== "container") return [];
  const { command, image } = step.body;
  const [program = ""] = command;
  return /^python3?$/.test(program) ? [] : [{ step, program, image }];
}

function bySecret(secrets: FileBody["secrets"]): ReadonlyMap<string, FileBody["secrets"]> {
  const byName = new Map<string, FileBody["secrets"][number][]>();
  for (const secret of secrets) byName.set(secret.secret, [...(byName.get(secret.secret) ?? []), secret]);
  return byName;
}
