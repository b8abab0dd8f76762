/** Pipelines with loops, conditions and results to reuse, needing only a shell. */

interface Step {
  readonly script: string;
  readonly after?: readonly string[];
  /** Names of the parameters it takes from around it, as arguments `$1`, `$2` … in this order. */
  readonly takes?: readonly string[];
  readonly condition?: string;
  readonly caches?: boolean;
}

type Parameters = { readonly [name: string]: { readonly parameterType: string; readonly defaultValue?: unknown } };

const argumentsOf = ({ takes = [] }: Step): string[] => takes.map((name) => `{{$.inputs.parameters['${name}']}}`);

/** The parts of a specification that a group of shell steps is made of. */
function group(prefix: string, steps: { readonly [name: string]: Step }, types: Parameters) {
  const entries = Object.entries(steps);
  const inputs = (step: Step) =>
    Object.fromEntries((step.takes ?? []).map((name) => [name, { parameterType: types[name]?.parameterType }]));
  return {
    components: Object.fromEntries(
      entries.map(([name, step]) => [
        `comp-${prefix}${name}`,
        {
          executorLabel: `exec-${prefix}${name}`,
          ...(step.takes ? { inputDefinitions: { parameters: inputs(step) } } : {}),
        },
      ]),
    ),
    executors: Object.fromEntries(
      entries.map(([name, step]) => [
        `exec-${prefix}${name}`,
        { container: { image: "any", command: ["sh", "-c", step.script, name, ...argumentsOf(step)] } },
      ]),
    ),
    tasks: Object.fromEntries(
      entries.map(([name, step]) => [
        name,
        {
          componentRef: { name: `comp-${prefix}${name}` },
          taskInfo: { name },
          cachingOptions: { enableCache: step.caches === true },
          ...(step.after ? { dependentTasks: step.after } : {}),
          ...(step.condition ? { triggerPolicy: { condition: step.condition } } : {}),
          ...(step.takes
            ? {
                inputs: {
                  parameters: Object.fromEntries(step.takes.map((of) => [of, { componentInputParameter: of }])),
                },
              }
            : {}),
        },
      ]),
    ),
  };
}

const specification = (name: string, parts: object, deployment: object, root: object): string =>
  JSON.stringify({
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.13.0",
    components: parts,
    deploymentSpec: { executors: deployment },
    root,
  });

/** Shell steps of one level. */
export function shellSteps(
  name: string,
  steps: { readonly [name: string]: Step },
  parameters: Parameters = {},
): string {
  const { components, executors, tasks } = group("", steps, parameters);
  const inputs = Object.keys(parameters).length > 0 ? { inputDefinitions: { parameters } } : {};
  return specification(name, components, executors, { dag: { tasks }, ...inputs });
}

/** `before`, then a loop named `sweep` of these steps over 0 to `count` − 1 (parameter `item`), then `after`. */
export function loopOf(name: string, count: number, steps: { readonly [name: string]: Step }): string {
  const item = { item: { parameterType: "NUMBER_INTEGER" } };
  const inside = group("in-", steps, item);
  const around = group(
    "",
    { before: { script: "echo before" }, after: { script: "echo after", after: ["sweep"] } },
    {},
  );
  const sweep = {
    componentRef: { name: "comp-sweep" },
    taskInfo: { name: "sweep" },
    dependentTasks: ["before"],
    inputs: { parameters: { items: { runtimeValue: { constant: Array.from({ length: count }, (_, n) => n) } } } },
    parameterIterator: { items: { inputParameter: "items" }, itemInput: "item" },
  };
  const body = {
    inputDefinitions: { parameters: { items: { parameterType: "LIST" }, ...item } },
    dag: { tasks: inside.tasks },
  };
  return specification(
    name,
    { ...inside.components, ...around.components, "comp-sweep": body },
    { ...inside.executors, ...around.executors },
    { dag: { tasks: { ...around.tasks, sweep } } },
  );
}
