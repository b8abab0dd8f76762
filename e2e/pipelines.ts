/** Pipelines that browser tests are made with: small, and needing only a shell. */

interface Parameter {
  readonly parameterType: string;
  readonly defaultValue?: unknown;
  readonly isOptional?: boolean;
  readonly description?: string;
}

/** A compiled pipeline of one shell step, with the parameters it declares. */
export function oneStep(name: string, script: string, parameters: { readonly [name: string]: Parameter } = {}): string {
  return JSON.stringify({
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.13.0",
    components: { "comp-say": { executorLabel: "exec-say" } },
    deploymentSpec: { executors: { "exec-say": { container: { image: "any", command: ["sh", "-c", script] } } } },
    root: {
      dag: { tasks: { say: { componentRef: { name: "comp-say" }, taskInfo: { name: "say" }, cachingOptions: {} } } },
      ...(Object.keys(parameters).length > 0 ? { inputDefinitions: { parameters } } : {}),
    },
  });
}

/** A `.pipeline` with one script beside it. */
export function elyraWithScript(name: string, script: string): string {
  return JSON.stringify({
    doc_type: "pipeline",
    version: "3.0",
    json_schema: "http://api.dataplatform.ibm.com/schemas/common-pipeline/pipeline-flow/pipeline-flow-v3-schema.json",
    id: "a1",
    primary_pipeline: "p1",
    schemas: [],
    pipelines: [
      {
        id: "p1",
        nodes: [
          {
            id: "n1",
            type: "execution_node",
            op: "execute-python-node",
            app_data: {
              component_parameters: {
                filename: script,
                runtime_image: "python:3.11",
                dependencies: [],
                include_subdirectories: false,
                outputs: [],
                env_vars: [],
              },
              label: "say",
              ui_data: { label: "say", x_pos: 10, y_pos: 10 },
            },
            inputs: [],
            outputs: [],
          },
        ],
        app_data: { name, version: 8, properties: { name, runtime: "Generic" }, ui_data: { comments: [] } },
        runtime_ref: "",
      },
    ],
  });
}

/** A step that makes an artifact, and one that takes it. */
export const HANDED_ON = JSON.stringify({
  pipelineInfo: { name: "handed-on" },
  schemaVersion: "2.1.0",
  sdkVersion: "kfp-2.13.0",
  components: {
    "comp-make": {
      executorLabel: "exec-make",
      outputDefinitions: {
        artifacts: { model: { artifactType: { schemaTitle: "system.Model", schemaVersion: "0.0.1" } } },
      },
    },
    "comp-take": {
      executorLabel: "exec-take",
      inputDefinitions: {
        artifacts: { model: { artifactType: { schemaTitle: "system.Model", schemaVersion: "0.0.1" } } },
      },
    },
  },
  deploymentSpec: {
    executors: {
      "exec-make": {
        container: {
          image: "any",
          command: ["sh", "-c", 'echo weights > "$0"', "{{$.outputs.artifacts['model'].path}}"],
        },
      },
      "exec-take": {
        container: { image: "any", command: ["sh", "-c", 'cat "$0"', "{{$.inputs.artifacts['model'].path}}"] },
      },
    },
  },
  root: {
    dag: {
      tasks: {
        make: { componentRef: { name: "comp-make" }, taskInfo: { name: "make" }, cachingOptions: {} },
        take: {
          componentRef: { name: "comp-take" },
          taskInfo: { name: "take" },
          cachingOptions: {},
          dependentTasks: ["make"],
          inputs: {
            artifacts: { model: { taskOutputArtifact: { producerTask: "make", outputArtifactKey: "model" } } },
          },
        },
      },
    },
  },
});
