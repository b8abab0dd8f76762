/** Compiles one custom node and its definition to a container step: values to bindings, placeholders to words. */
import type {
  ArtifactBinding,
  ContainerBody,
  JsonValue,
  ParameterBinding,
  ParameterSpec,
  Problem,
  Step,
  StepPath,
} from "../graph";
import type { Argument, ComponentDefinition, ComponentInput } from "./component-definition";
import type { CustomStep } from "./custom-step";
import { asText, field, isObject, isUnset } from "./json";

export interface ComponentSurroundings {
  readonly parameters: readonly ParameterSpec[];
  /** Whether an output is handed on as a value: some node takes it on its command line. */
  readonly isValue: (producer: StepPath, output: string) => boolean;
  readonly read: (path: string) => string | null;
}

export interface Compiled {
  readonly step: Step;
  /** Parameters of the pipeline that it takes. */
  readonly parameters: readonly string[];
}

export type CompileOutcome =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Where an input's value comes from; null for one that is left out. */
type Given =
  | { readonly from: "text"; readonly text: string }
  | { readonly from: "parameter"; readonly name: string }
  | { readonly from: "value" | "file"; readonly producer: StepPath; readonly output: string }
  | null;

/** Never throws; says every input that lacks what it needs. */
export function compileComponent(
  step: CustomStep,
  definition: ComponentDefinition,
  around: ComponentSurroundings,
): CompileOutcome {
  const problems: Problem[] = [];
  const given = new Map<string, Given>();
  for (const input of definition.inputs) {
    const value = givenValue(step, input, around);
    if (typeof value === "string") problems.push(inputProblem(step, input, value));
    else if (value === null && !input.isOptional) problems.push(inputProblem(step, input, "it needs a value"));
    else given.set(input.id, value);
  }
  if (problems.length > 0) return { ok: false, problems };

  const inputFiles = new Set<string>();
  const fill = filler(given, step, around, inputFiles);
  const command = definition.command.flatMap(fill);
  const args = definition.args.flatMap(fill);
  const body: ContainerBody = {
    body: "container",
    image: definition.image,
    command,
    args,
    env: definition.env,
    component: definition.name,
    ...(inputFiles.size === 0 ? {} : { inputFiles: [...inputFiles] }),
  };
  return { ok: true, compiled: { step: asContainer(step, definition, given, body, around), parameters: named(given) } };
}

const named = (given: ReadonlyMap<string, Given>): string[] =>
  [...given.values()].flatMap((one) => (one?.from === "parameter" ? [one.name] : []));

/** What the node says of an input, or what is wrong with it. */
function givenValue(
  { body }: CustomStep,
  input: ComponentInput,
  { parameters, isValue, read }: ComponentSurroundings,
): Given | string {
  const bound = body.component.inputs.find((one) => one.input === input.id);
  if (bound !== undefined) {
    const { producer, output } = bound;
    return { from: isValue(producer, output) ? "value" : "file", producer, output };
  }
  const written = field(body.values, input.id) ?? field(body.values, `elyra_${input.id}`);
  const widget = isObject(written) ? asText(field(written, "widget")) : "";
  const held = widget === "" ? written : field(written, "value");
  if (isUnset(held)) return input.default === null ? null : { from: "text", text: input.default };
  switch (widget) {
    case "parameter":
      return parameters.some(({ name }) => name === held)
        ? { from: "parameter", name: asText(held) }
        : `the pipeline defines no parameter ${JSON.stringify(held)}`;
    case "file": {
      const text = read(asText(held));
      return text === null
        ? `it takes the text of the file ${asText(held)}, which is not among the files, too large or no text`
        : { from: "text", text };
    }
    default:
      return { from: "text", text: literal(held ?? null) };
  }
}

/** A literal as components of that time wrote it out. */
function literal(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

type Fill = (argument: Argument) => string[];

/** Words of the command line, with Kubeflow's placeholders where a value is known only when the step starts. */
function filler(
  given: ReadonlyMap<string, Given>,
  { path }: CustomStep,
  { isValue }: ComponentSurroundings,
  inputFiles: Set<string>,
): Fill {
  const fill: Fill = (argument) => {
    switch (argument.is) {
      case "text":
        return [argument.text];
      case "input-value": {
        const value = given.get(argument.id) ?? null;
        return value === null ? [] : [`{{$.inputs.parameters['${argument.id}']}}`];
      }
      case "input-path": {
        const value = given.get(argument.id) ?? null;
        if (value === null) return [];
        if (value.from === "file") return [`{{$.inputs.artifacts['${argument.id}'].path}}`];
        inputFiles.add(argument.id);
        return [inputFilePlaceholder(argument.id)];
      }
      case "output-path":
        return isValue(path, argument.id)
          ? [`{{$.outputs.parameters['${argument.id}'].output_file}}`]
          : [`{{$.outputs.artifacts['${argument.id}'].path}}`];
      case "concat":
        return [argument.parts.flatMap(fill).join("")];
      case "if": {
        const { condition } = argument;
        const holds = typeof condition === "boolean" ? condition : (given.get(condition.isPresent) ?? null) !== null;
        return (holds ? argument.whenTrue : argument.whenFalse).flatMap(fill);
      }
    }
  };
  return fill;
}

/** Stands for the place of a file that holds the value of an input; filled when the step is launched. */
export const inputFilePlaceholder = (name: string): string => `{{$.inputs.parameters['${name}'].path}}`;

function asContainer(
  step: CustomStep,
  { outputs }: ComponentDefinition,
  given: ReadonlyMap<string, Given>,
  body: ContainerBody,
  { isValue }: ComponentSurroundings,
): Step {
  const parameters: ParameterBinding[] = [];
  const artifacts: ArtifactBinding[] = [];
  for (const [name, value] of given) {
    if (value === null) continue;
    if (value.from === "text") parameters.push({ name, source: { from: "constant", value: value.text } });
    else if (value.from === "parameter") parameters.push({ name, source: { from: "parent", input: value.name } });
    else {
      const source = { from: "task", step: value.producer, output: value.output } as const;
      (value.from === "value" ? parameters : artifacts).push({ name, source });
    }
  }
  const isParameter = ({ id }: { readonly id: string }): boolean => isValue(step.path, id);
  const { settings, isCached } = step.body.component;
  // An input of the component's own that is called like a setting of Elyra's is no setting.
  const platform = Object.entries(settings).filter(([key]) => !given.has(key));
  return {
    ...step,
    ...(platform.length === 0 ? {} : { platform: Object.fromEntries(platform) }),
    cache: { enabled: isCached },
    interface: {
      parameters: parameters.map(({ name }) => ({ name, type: "string", required: false, default: "" })),
      artifacts: artifacts.map(({ name }) => ({ name, type: ARTIFACT })),
      outputParameters: outputs.filter(isParameter).map(({ id }) => ({ name: id, type: "string" })),
      outputArtifacts: outputs.filter((output) => !isParameter(output)).map(({ id }) => ({ name: id, type: ARTIFACT })),
    },
    parameters,
    artifacts,
    body,
  };
}

const ARTIFACT = "system.Artifact";

function inputProblem(step: CustomStep, input: ComponentInput, why: string): Problem {
  return {
    severity: "error",
    stage: "run",
    place: `${step.path}.${input.id}`,
    rule: "component-input",
    message: `The input "${input.name}" of "${step.name}" cannot be given: ${why}. Set it in the pipeline editor.`,
    step: step.path,
  };
}
