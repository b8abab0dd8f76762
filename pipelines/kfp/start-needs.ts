/** What a run needs of its profile, of the stored secrets and of the settings; judged at the start of each run. */
import type { JsonValue, PipelineGraph, Problem, Step } from "../graph";
import { importSource, isImportHost } from "./import-source";
import { type GivenParameters, type KnownSource, knownSource, mayBeLeftOut } from "./known-value";
import { mountedNames, nameInput, platformSettings, type VaultVariables, vaultVariables } from "./platform";
import { leftOut, refusedStep } from "./start-problems";
import { kubeflowPod } from "./step-pod";
import { MOUNTS } from "./support";

interface Named {
  readonly step: Step;
  readonly source: KnownSource;
  /** Whether the run may never come to the step, so that a parameter's value alone refuses nothing. */
  readonly isUncertain: boolean;
}

export interface StartNeeds {
  readonly mounts: readonly { readonly step: Step; readonly setting: string }[];
  readonly groups: readonly (Named & { readonly wanted: VaultVariables })[];
  readonly imports: readonly Named[];
  /** Programs that steps cannot do without, to be found on the machine. */
  readonly programs?: readonly { readonly step: Step; readonly program: string; readonly image: string }[];
}

/** What holds when a run is about to start. */
export interface StartSituation {
  readonly runsWithoutMounts: boolean;
  /** Steps with an image run in it, in a container or a pod. */
  readonly hasContainers: boolean;
  /** What they mount is Penstock's own, and no cluster's. */
  readonly mountsOwn: boolean;
  /** Names of the values of a secret or config map; undefined when there is none of that name. */
  readonly keysOf: (name: string) => ReadonlySet<string> | undefined;
  readonly importHosts: readonly string[];
  readonly hasProgram: (name: string) => boolean;
  readonly parameters: GivenParameters;
}

export interface StartJudgement {
  readonly refusals: readonly Problem[];
  readonly notices: readonly Problem[];
}

/** The needs of a graph; null for the many that have none, which are started without another look. */
export function startNeeds(graph: PipelineGraph): StartNeeds | null {
  if (graph.format !== "kfp") return null;
  const steps = new Map(graph.steps.map((step) => [step.path, step]));
  const mounts: StartNeeds["mounts"][number][] = [];
  const groups: StartNeeds["groups"][number][] = [];
  const imports: StartNeeds["imports"][number][] = [];
  for (const step of graph.steps) {
    const isUncertain = mayBeLeftOut(step, steps);
    for (const [setting] of platformSettings(step)) if (MOUNTS.has(setting)) mounts.push({ step, setting });
    for (const wanted of vaultVariables(step)) {
      groups.push({ step, wanted, source: sourceOfName(step, wanted, steps), isUncertain });
    }
    if (step.body.body === "importer") {
      imports.push({ step, source: sourceOfUri(step, step.body.uri, steps), isUncertain });
    }
  }
  return mounts.length + groups.length + imports.length === 0 ? null : { mounts, groups, imports };
}

/** Refuses what cannot be had and lists the mounts that the profile lets a run do without. */
export function judgeNeeds(needs: StartNeeds, situation: StartSituation): StartJudgement {
  const { runsWithoutMounts, hasContainers, mountsOwn, parameters } = situation;
  const refusals: Problem[] = [];
  const unmounted = new Map<string, Step[]>();
  for (const { step, setting } of needs.mounts) {
    const isGiven = hasContainers && isMounted(step, setting);
    const missing = isGiven && mountsOwn ? missingGroups(step, setting, situation.keysOf) : [];
    if (isGiven && missing.length === 0) continue;
    if (!runsWithoutMounts) refusals.push(...(isGiven ? missing : [mountRefusal(step, setting, hasContainers)]));
    else unmounted.set(setting, [...(unmounted.get(setting) ?? []), step]);
  }
  for (const { step, wanted, ...named } of needs.groups) {
    const name = knownText(named, parameters);
    const problem = name === null ? null : missingValues(step, wanted, name, situation.keysOf(name));
    if (problem !== null) refusals.push(problem);
  }
  for (const { step, ...named } of needs.imports) {
    const uri = knownText(named, parameters);
    const problem = uri === null ? null : importProblem(uri, situation.importHosts);
    if (problem !== null) refusals.push(refusedStep("import", step, problem.why, problem.remedy));
  }
  for (const { step, program, image } of needs.programs ?? []) {
    if (!hasContainers && !situation.hasProgram(program)) refusals.push(programRefusal(step, program, image));
  }
  const notices = [...unmounted].map(([setting, steps]) =>
    leftOut(`platform-${setting}`, MOUNTS.get(setting) ?? setting, steps),
  );
  return { refusals, notices };
}

/** Why an importer cannot have this URI, in words for a refusal at the start or when it is reached; null when it can. */
export function importProblem(uri: string, hosts: readonly string[]): { why: string; remedy: string } | null {
  const source = importSource(uri);
  const shown = uri.length <= 200 ? uri : `${uri.slice(0, 199)}…`;
  switch (source.from) {
    case "file":
      return null;
    case "web":
      if (isImportHost(source.url, hosts)) return null;
      return {
        why: `it imports ${shown}, and ${source.url.host} is not among the hosts that importers may fetch from`,
        remedy: `Add ${source.url.host} to the setting import-hosts, or fetch the file yourself and give its absolute path.`,
      };
    case "store":
      return {
        why: `it imports ${shown}, and nothing here reads ${source.scheme}: addresses`,
        remedy:
          "Fetch the content yourself and give its absolute path, or an http(s) address of a host in the setting import-hosts.",
      };
    case "nowhere":
      return {
        why: `it imports ${JSON.stringify(shown)}, which stands for nothing: ${source.why}`,
        remedy: "Give an absolute path or a whole http(s) address.",
      };
  }
}

/** Containers and pods are given what is named, also where a parameter or a step before names it; none is run beside them. */
const isMounted = (step: Step, setting: string): boolean =>
  step.body.body === "file" || !kubeflowPod(step, (of, at) => namedBy(step, of, at)).unread.includes(setting);

/** Refusals for secrets and config maps that a step mounts by a name under which nothing is stored. */
function missingGroups(step: Step, setting: string, keysOf: StartSituation["keysOf"]): Problem[] {
  return mountedNames(step).flatMap(({ setting: of, name, isKeyed, isOptional }) => {
    if (of !== setting || !isKeyed || isOptional || name === null || keysOf(name) !== undefined) return [];
    const what = setting === "secretAsVolume" ? "secret" : "config map";
    return refusedStep(`platform-${setting}`, step, missingWords(what, name), addIt(what));
  });
}

/** Stands for the name that an input will bring; null where none does. */
const namedBy = ({ parameters }: Step, setting: string, at: number): string | null =>
  parameters.find(({ name }) => name === nameInput(setting, at))?.name ?? null;

function mountRefusal(step: Step, setting: string, hasContainers: boolean): Problem {
  const what = `it asks for ${MOUNTS.get(setting) ?? setting} (${setting})`;
  if (hasContainers) {
    const why = `${what}, which ${setting === "initContainers" ? "no step is given here" : "it does not name"}`;
    const remedy = 'Choose a profile with "run without mounts", which lists them on the run instead.';
    return refusedStep(`platform-${setting}`, step, why, remedy);
  }
  const why = `it needs a container profile, because ${what}, which a process cannot be given`;
  const remedy =
    'Choose a profile that runs containers, or one with "run without mounts", which lists them on the run instead.';
  return refusedStep(`platform-${setting}`, step, why, remedy);
}

function programRefusal(step: Step, program: string, image: string): Problem {
  const why =
    program === ""
      ? `it needs a container profile, because it names no command and would run what the image ${image} starts by itself`
      : `it needs a container profile, because the image ${image} brings a program "${program}", which is not on this machine`;
  return refusedStep("needs-container", step, why, "Install the program, or choose a profile that runs containers.");
}

const missingWords = (what: VaultVariables["what"], name: string): string =>
  `it needs the ${what} "${name}", which is not there`;
const addIt = (what: VaultVariables["what"]): string =>
  `Add it under ${what === "secret" ? "Secrets" : "Secrets as a config map"}, then start the run.`;

function missingValues(
  step: Step,
  { what, setting, isOptional, variables }: VaultVariables,
  name: string,
  keys: ReadonlySet<string> | undefined,
): Problem | null {
  if (isOptional) return null;
  const rule = `platform-${setting}`;
  const remedy = addIt(what);
  if (keys === undefined) return refusedStep(rule, step, missingWords(what, name), remedy);
  const missing = variables.map(({ key }) => key).filter((key) => !keys.has(key));
  if (missing.length === 0) return null;
  const names = [...new Set(missing)].map((key) => `"${key}"`).join(", ");
  return refusedStep(rule, step, `the ${what} "${name}" has no value named ${names}`, remedy);
}

function knownText({ source, isUncertain }: Omit<Named, "step">, parameters: GivenParameters): string | null {
  const value = knownJson(source, isUncertain ? null : parameters);
  return typeof value === "string" && value !== "" ? value : null;
}

function knownJson(source: KnownSource, parameters: GivenParameters): JsonValue | undefined {
  switch (source.is) {
    case "constant":
      return source.value;
    case "parameter":
      return parameters === null || !Object.hasOwn(parameters, source.name) ? undefined : parameters[source.name];
    case "later":
      return undefined;
  }
}

type Steps = ReadonlyMap<string, Step>;

function sourceOfName(step: Step, { name, nameInput }: VaultVariables, steps: Steps): KnownSource {
  if (name !== null) return knownSource({ from: "constant", value: name }, step.parent, steps);
  const binding = step.parameters.find((one) => one.name === nameInput);
  return binding === undefined ? { is: "later" } : knownSource(binding.source, step.parent, steps);
}

/** An importer reads its URI from an input of its own, which the task gives it. */
function sourceOfUri(step: Step, uri: Extract<Step["body"], { body: "importer" }>["uri"], steps: Steps): KnownSource {
  if (uri.from !== "parent") return knownSource(uri, step.parent, steps);
  const binding = step.parameters.find(({ name }) => name === uri.input);
  if (binding !== undefined)
    return binding.selector === undefined ? knownSource(binding.source, step.parent, steps) : { is: "later" };
  const preset = step.interface.parameters.find(({ name }) => name === uri.input)?.default;
  return preset === undefined ? { is: "later" } : { is: "constant", value: preset };
}
