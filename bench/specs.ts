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

/** A loop over `count` numbers whose body is one step. */
export function loopOf(count: number): object {
  const number = { parameterType: "NUMBER_INTEGER" };
  const step = { componentRef: { name: "comp-step" }, taskInfo: { name: "step" } };
  const loop = {
    taskInfo: { name: "for-loop-1" },
    componentRef: { name: "comp-loop" },
    parameterIterator: {
      itemInput: "item",
      items: { raw: JSON.stringify(Array.from({ length: count }, (_, i) => i)) },
    },
  };
  return {
    ...pipelineOf(`loop-${count}`, []),
    components: {
      "comp-step": { executorLabel: "exec-step" },
      "comp-loop": { inputDefinitions: { parameters: { item: number } }, dag: { tasks: { step } } },
    },
    root: { dag: { tasks: { "for-loop-1": loop } } },
  };
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

const INSTALL =
  '\nif ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip\nfi\n\n' +
  "PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location 'kfp==2.15.2' '--no-deps' " +
  '\'typing-extensions>=3.7.4,<5; python_version<"3.9"\' && "$0" "$@"\n';
const RUN_SOURCE =
  'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n' +
  "_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path" +
  '                         "$program_path/ephemeral_component.py"                         "$@"\n';
const SOURCE =
  "\nimport kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n" +
  "def nothing(before: int) -> int:\n    return before\n\n";

/** `count` lightweight Python components in a row, written as the SDK's compiler does, each handing a number on. */
export function pythonChain(count: number): object {
  const number = { parameterType: "NUMBER_INTEGER" };
  const tasks = Array.from({ length: count }, (_, i) => ({
    taskInfo: { name: `s${i}` },
    componentRef: { name: "comp-nothing" },
    inputs: {
      parameters: {
        before:
          i === 0
            ? { runtimeValue: { constant: 0 } }
            : { taskOutputParameter: { producerTask: `s${i - 1}`, outputParameterKey: "Output" } },
      },
    },
    ...(i > 0 && { dependentTasks: [`s${i - 1}`] }),
  }));
  return {
    pipelineInfo: { name: `python-chain-${count}` },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.2",
    deploymentSpec: {
      executors: {
        "exec-nothing": {
          container: {
            image: "python:3.11",
            command: ["sh", "-c", INSTALL, "sh", "-ec", RUN_SOURCE, SOURCE],
            args: ["--executor_input", "{{$}}", "--function_to_execute", "nothing"],
          },
        },
      },
    },
    components: {
      "comp-nothing": {
        executorLabel: "exec-nothing",
        inputDefinitions: { parameters: { before: number } },
        outputDefinitions: { parameters: { Output: number } },
      },
    },
    root: { dag: { tasks: Object.fromEntries(tasks.map((task, i) => [`s${i}`, task])) } },
  };
}
