/** One-step and many-step pipelines of given shell text, for scenarios that need no more. */

/** A specification whose steps run side by side, one per script. */
export function sideBySide(name: string, scripts: readonly string[]): object {
  const keys = scripts.map((_, i) => `s${i}`);
  return {
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    deploymentSpec: {
      executors: Object.fromEntries(
        scripts.map((script, i) => [`exec-${i}`, { container: { image: "local", command: ["sh", "-c", script] } }]),
      ),
    },
    components: Object.fromEntries(scripts.map((_, i) => [`comp-${i}`, { executorLabel: `exec-${i}` }])),
    root: {
      dag: {
        tasks: Object.fromEntries(
          keys.map((key, i) => [key, { taskInfo: { name: key }, componentRef: { name: `comp-${i}` } }]),
        ),
      },
    },
  };
}
