/** Specifications of steps of given shell text, side by side or in an order, for every scenario. */

export interface ShellStep {
  readonly key: string;
  readonly script: string;
  readonly after?: readonly string[];
  /** Further tries after a failure, and the seconds between them. */
  readonly retries?: { readonly count: number; readonly seconds: number };
}

const executorOf = (script: string) => ({ container: { image: "local", command: ["sh", "-c", script] } });

const taskOf = ({ key, after, retries }: ShellStep) => ({
  taskInfo: { name: key },
  componentRef: { name: `comp-${key}` },
  ...(after && { dependentTasks: after }),
  ...(retries && {
    retryPolicy: { maxRetryCount: retries.count, backoffDuration: `${retries.seconds}s`, backoffFactor: 1 },
  }),
});

/** A compiled pipeline that runs its steps inside a loop of so many items, and cleans up after whatever they come to. */
export function guardedLoop(
  name: string,
  loop: { readonly items: number; readonly parallelism: number; readonly steps: readonly ShellStep[] },
  cleanUp: string,
): object {
  const items = JSON.stringify(Array.from({ length: loop.items }, (_, i) => i));
  return {
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    deploymentSpec: {
      executors: {
        ...Object.fromEntries(loop.steps.map(({ key, script }) => [`exec-${key}`, executorOf(script)])),
        "exec-clean": executorOf(cleanUp),
      },
    },
    components: {
      ...Object.fromEntries(loop.steps.map(({ key }) => [`comp-${key}`, { executorLabel: `exec-${key}` }])),
      "comp-clean": {
        executorLabel: "exec-clean",
        inputDefinitions: { parameters: { status: { parameterType: "TASK_FINAL_STATUS", isOptional: true } } },
      },
      "comp-loop": {
        inputDefinitions: { parameters: { item: { parameterType: "NUMBER_INTEGER" } } },
        dag: { tasks: Object.fromEntries(loop.steps.map((step) => [step.key, taskOf(step)])) },
      },
      "comp-handler": {
        dag: {
          tasks: {
            "for-loop-1": {
              taskInfo: { name: "for-loop-1" },
              componentRef: { name: "comp-loop" },
              parameterIterator: { itemInput: "item", items: { raw: items } },
              iteratorPolicy: { parallelismLimit: loop.parallelism },
            },
          },
        },
      },
    },
    root: {
      dag: {
        tasks: {
          "exit-handler-1": { taskInfo: { name: "exit-handler-1" }, componentRef: { name: "comp-handler" } },
          clean: {
            taskInfo: { name: "clean" },
            componentRef: { name: "comp-clean" },
            dependentTasks: ["exit-handler-1"],
            inputs: { parameters: { status: { taskFinalStatus: { producerTask: "exit-handler-1" } } } },
            triggerPolicy: { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" },
          },
        },
      },
    },
  };
}

/** A compiled pipeline whose steps each run their script. */
export function shellPipeline(name: string, steps: readonly ShellStep[]): object {
  return {
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    deploymentSpec: {
      executors: Object.fromEntries(steps.map(({ key, script }) => [`exec-${key}`, executorOf(script)])),
    },
    components: Object.fromEntries(steps.map(({ key }) => [`comp-${key}`, { executorLabel: `exec-${key}` }])),
    root: {
      dag: {
        tasks: Object.fromEntries(steps.map((step) => [step.key, taskOf(step)])),
      },
    },
  };
}

/** A specification whose steps run side by side, one per script. */
export function sideBySide(name: string, scripts: readonly string[]): object {
  return shellPipeline(
    name,
    scripts.map((script, i) => ({ key: `s${i}`, script })),
  );
}
