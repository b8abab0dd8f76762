/** Small pipeline specs for tests: a shell component, tasks over it, and a root. */
import type { JsonValue } from "../graph";

type JsonObject = { [key: string]: JsonValue };

/** A component `comp` (parameter `x` optional, output `out`), and the given tasks as the root graph. */
export function specOf(tasks: JsonObject, changes: JsonObject = {}): JsonObject {
  return {
    pipelineInfo: { name: "test" },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.2",
    deploymentSpec: { executors: { exec: { container: { image: "alpine", command: ["sh", "-c", "true"] } } } },
    components: { comp: componentOf({}) },
    root: { dag: { tasks } },
    ...changes,
  };
}

/** A leaf component with the executor `exec`. */
export function componentOf(changes: JsonObject): JsonObject {
  return {
    executorLabel: "exec",
    inputDefinitions: { parameters: { x: { parameterType: "STRING", isOptional: true } } },
    outputDefinitions: {
      parameters: { out: { parameterType: "STRING" } },
      artifacts: { data: { artifactType: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" } } },
    },
    ...changes,
  };
}

/** A task over `comp`, or over another component. */
export function taskOf(changes: JsonObject = {}, component = "comp"): JsonObject {
  return { componentRef: { name: component }, taskInfo: { name: "shown" }, ...changes };
}

/** Inputs of a task that take the output of another one. */
export function fedBy(producer: string): JsonObject {
  return { parameters: { x: { taskOutputParameter: { producerTask: producer, outputParameterKey: "out" } } } };
}
