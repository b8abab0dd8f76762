/** Specifications of steps of given shell text, side by side or in an order, for every scenario. */

export interface ShellStep {
  readonly key: string;
  readonly script: string;
  readonly after?: readonly string[];
}

/** A compiled pipeline whose steps each run their script. */
export function shellPipeline(name: string, steps: readonly ShellStep[]): object {
  return {
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    deploymentSpec: {
      executors: Object.fromEntries(
        steps.map(({ key, script }) => [
          `exec-${key}`,
          { container: { image: "local", command: ["sh", "-c", script] } },
        ]),
      ),
    },
    components: Object.fromEntries(steps.map(({ key }) => [`comp-${key}`, { executorLabel: `exec-${key}` }])),
    root: {
      dag: {
        tasks: Object.fromEntries(
          steps.map(({ key, after }) => [
            key,
            {
              taskInfo: { name: key },
              componentRef: { name: `comp-${key}` },
              ...(after && { dependentTasks: after }),
            },
          ]),
        ),
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
