/** Compiled Kubeflow pipelines of no-op steps in the shapes that the workloads need. */

interface TaskSpec {
  readonly key: string;
  readonly after: readonly string[];
}

/** A pipeline specification (IR 2.1.0) whose tasks all run `command`. */
export function pipelineOf(
  name: string,
  tasks: readonly TaskSpec[],
  command: readonly string[] = ["/bin/true"],
): object {
  return {
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.2",
    deploymentSpec: { executors: { "exec-step": { container: { image: "local", command } } } },
    components: { "comp-step": { executorLabel: "exec-step" } },
    root: {
      dag: {
        tasks: Object.fromEntries(
          tasks.map((task) => [
            task.key,
            {
              taskInfo: { name: task.key },
              componentRef: { name: "comp-step" },
              ...(task.after.length > 0 && { dependentTasks: task.after }),
            },
          ]),
        ),
      },
    },
  };
}

/** `count` steps in a row. */
export function chain(count: number): object {
  return pipelineOf(
    `chain-${count}`,
    Array.from({ length: count }, (_, i) => ({ key: `s${i}`, after: i > 0 ? [`s${i - 1}`] : [] })),
  );
}

/** One step, then `width` side by side, then one. */
export function fanOut(width: number): object {
  const middle = Array.from({ length: width }, (_, i) => ({ key: `m${i}`, after: ["first"] }));
  return pipelineOf(`fan-out-${width}`, [
    { key: "first", after: [] },
    ...middle,
    { key: "last", after: middle.map((task) => task.key) },
  ]);
}

/** `layers` layers of `width` steps with two parents each in the layer before. */
export function lattice(layers: number, width: number): object {
  return pipelineOf(
    `lattice-${layers}x${width}`,
    Array.from({ length: layers * width }, (_, i) => {
      const layer = Math.floor(i / width);
      const column = i % width;
      const parents = layer === 0 ? [] : [column, (column + 1) % width].map((c) => `s${(layer - 1) * width + c}`);
      return { key: `s${i}`, after: parents };
    }),
  );
}
