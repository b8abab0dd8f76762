/** Small pipelines of each format, for tests. */

/** A Kubeflow specification of one container step per name, each after the one before it. */
export function kfpSpec(
  name: string,
  steps: readonly string[] = ["a"],
  parameters: { readonly [name: string]: { readonly [key: string]: unknown } } = {},
): string {
  const tasks = Object.fromEntries(
    steps.map((step, index) => [
      step,
      {
        componentRef: { name: "comp-a" },
        taskInfo: { name: step },
        ...(index === 0 ? {} : { dependentTasks: [steps[index - 1]] }),
      },
    ]),
  );
  return JSON.stringify({
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.0",
    components: { "comp-a": { executorLabel: "exec-a" } },
    deploymentSpec: { executors: { "exec-a": { container: { image: "alpine", command: ["true"] } } } },
    root: {
      dag: { tasks },
      ...(Object.keys(parameters).length === 0 ? {} : { inputDefinitions: { parameters } }),
    },
  });
}

/** A `.pipeline` of version 8 whose nodes run these scripts one after the other. */
export function elyraPipeline(scripts: readonly string[], dependencies: readonly string[] = []): string {
  const nodes = scripts.map((filename, index) => ({
    id: `n${index}`,
    type: "execution_node",
    op: "execute-python-node",
    app_data: {
      label: "",
      component_parameters: { filename, runtime_image: "x/y:1", dependencies, outputs: [], env_vars: [] },
      ui_data: { label: filename, x_pos: 100 * index, y_pos: 50 },
    },
    inputs: [
      {
        id: "inPort",
        app_data: {},
        links: index === 0 ? [] : [{ id: `l${index}`, node_id_ref: `n${index - 1}`, port_id_ref: "outPort" }],
      },
    ],
    outputs: [{ id: "outPort", app_data: {} }],
  }));
  return JSON.stringify({
    doc_type: "pipeline",
    version: "3.0",
    id: "elyra-auto-generated-pipeline",
    primary_pipeline: "primary",
    pipelines: [
      {
        id: "primary",
        nodes,
        app_data: { version: 8, properties: { name: "untitled", runtime: "Generic" }, ui_data: { comments: [] } },
        runtime_ref: "",
      },
    ],
    schemas: [],
  });
}
