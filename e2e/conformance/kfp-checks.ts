/** What a run of one fixture must have left beyond its state and the outputs of its index. */
import type { Check, Ended } from "./case";

const lines = (...wrong: (string | false | undefined)[]): string[] =>
  wrong.filter((one) => one !== false && one !== undefined);

/** The log of every task of a step, one after the other. */
const logsOf = async (ended: Ended, step: string): Promise<string> =>
  (await Promise.all(ended.of(step).map((task) => ended.log(task)))).join("\n");

const logHas =
  (step: string, ...texts: readonly string[]): Check =>
  async (ended) => {
    const log = await logsOf(ended, step);
    return texts.filter((text) => !log.includes(text)).map((text) => `the log of ${step} lacks "${text}"`);
  };

/** How many tasks of a step ended in which state. */
const states =
  (step: string, wanted: { readonly [state: string]: number }): Check =>
  (ended) => {
    const found: { [state: string]: number } = {};
    for (const { state } of ended.of(step)) found[state] = (found[state] ?? 0) + 1;
    const [seen, meant] = [found, wanted].map((one) => JSON.stringify(Object.entries(one).sort()));
    return lines(seen !== meant && `${step} ended ${seen}, not ${meant}`);
  };

const outputIs =
  (step: string, name: string, wanted: unknown): Check =>
  async (ended) => {
    const values = await Promise.all(ended.of(step).map((task) => ended.whole(task)));
    const seen = values.map(({ outputs }) => outputs.parameters[name]);
    return seen
      .filter((value) => JSON.stringify(value) !== JSON.stringify(wanted))
      .map((value) => `${step}.${name} is ${JSON.stringify(value)}, not ${JSON.stringify(wanted)}`);
  };

/** The argument that the step's program was given last. */
const lastArgument =
  (step: string, wanted: string): Check =>
  async (ended) => {
    const values = await Promise.all(ended.of(step).map((task) => ended.whole(task)));
    const seen = values.map(({ attempts }) => attempts.at(-1)?.command?.argv.at(-1));
    return seen.filter((value) => value !== wanted).map((value) => `${step} was given "${value}", not "${wanted}"`);
  };

const hasOutputs =
  (...names: readonly string[]): Check =>
  ({ run }) =>
    names
      .filter((name) => !(name in run.outputs.parameters) && !(name in run.outputs.artifacts))
      .map((name) => `the run has no output ${name}`);

const metricsHave =
  (name: string): Check =>
  ({ run }) =>
    lines(!run.metrics.some((metric) => metric.name === name) && `the run has no metric ${name}`);

const outputText =
  (name: string, wanted: string): Check =>
  (ended) => {
    const path = ended.run.outputs.artifacts[name]?.[0]?.path;
    if (path == null) return [`the run has no file of ${name}`];
    const text = ended.file(path);
    return lines(text !== wanted && `${name} holds "${text}", not "${wanted}"`);
  };

const all =
  (...checks: readonly Check[]): Check =>
  async (ended) =>
    (await Promise.all(checks.map((check) => check(ended)))).flat();

/** Two steps find their labels and annotations. */
export const podMetadata: Check = all(
  states("validate-pod-metadata", { succeeded: 1 }),
  states("validate-pod-metadata-2", { succeeded: 1 }),
  states("validate-no-pod-metadata", { failed: 1 }),
);

/** By path; the first that matches holds. */
export const CHECKS: readonly (readonly [RegExp, Check])[] = [
  [/hello_world\.yaml|resources\/hello-world\.yaml/, () => []],
  [/pipeline_with_env\.yaml/, all(logHas("print-env", "val0", "val2", "val3"), logHas("print-env-op", "ENV1 val1"))],
  [
    /failing\/pipeline_with_exit_handler/,
    all(
      states("fail-op", { failed: 1 }),
      states("print-op", { succeeded: 1 }),
      logHas("print-op", "Exit handler has worked!"),
    ),
  ],
  [/local_execution_pipeline_with_exit_handler/, outputIs("record-exit", "Output", "exit:COMPLETE")],
  [/task_final_status_yaml/, logHas("exit-op", "COMPLETE", "exit-handler-1")],
  [
    /execution_pipeline_with_oneof/,
    all(states("branch-a", { succeeded: 1 }), (ended) =>
      lines(ended.of("branch-b").some(({ state }) => state === "succeeded") && "branch-b ran"),
    ),
  ],
  [/oneof_parameters/, hasOutputs("Output")],
  [/output_metrics\.yaml/, all(hasOutputs("metrics"), metricsHave("accuracy"))],
  [/pipeline_with_metrics_outputs/, metricsHave("accuracy")],
  [/container_with_if_placeholder/, states("container-with-if-placeholder", { failed: 1 })],
  [/concat_placeholder/, lastArgument("component-with-concat-placeholder", "one+two=three")],
  [/valid\/preprocess/, hasOutputs("output_bool_parameter_path", "output_dataset_one", "output_dataset_two_path")],
  [/pythonic_artifacts_with_list/, outputText("Output", "Hello, world!")],
  [/loop_consume_upstream/, logHas("print-input", "Input item:")],
  [/collected_parameters/, logHas("consume-ids", "Consuming: model_id_")],
  [/producer_consumer/, states("double", { succeeded: 9 })],
  [/notebook_component_simple/, (ended) => lines(ended.tasks.length < 1 && "no task")],
  [/parallel_for_secret/, outputIs("example-component", "Output", "user1")],
];
