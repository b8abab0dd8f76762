/** What is on the pictures: an installation with something of everything, and the pages to look at, by name. */
import { document, node } from "@/pipelines/elyra/sample-document";
import type { RunView } from "@/server/domain/views/runs";
import { loopOf, shellSteps } from "../constructs";
import { oneStep } from "../pipelines";
import type { Api } from "../support/api";

export interface Picture {
  readonly name: string;
  readonly path: string;
}

const PARAMETERS = {
  rounds: { parameterType: "NUMBER_INTEGER", description: "How often the data is gone through." },
  rate: { parameterType: "NUMBER_DOUBLE", defaultValue: 0.01, description: "Step of the descent." },
  verbose: { parameterType: "BOOLEAN", defaultValue: false },
  tags: { parameterType: "LIST", defaultValue: ["a", "b"] },
  options: { parameterType: "STRUCT", defaultValue: { depth: 3 } },
  label: { parameterType: "STRING", defaultValue: "one" },
};

const TALK =
  "printf '\\033[32mloaded\\033[0m 1,204 rows\\n'; seq -f 'epoch %g  loss 0.3' 1 40; echo 'WARNING: few rows' >&2";

/** Makes pipelines, runs of every end, experiments, a recurring run and something in the trash. */
export async function furnish(api: Api): Promise<readonly Picture[]> {
  const steps = (train: string) =>
    shellSteps("churn", {
      load: { script: TALK },
      split: { script: "echo split; sleep 0.2", after: ["load"] },
      train: { script: train, after: ["split"] },
      baseline: { script: "echo baseline", after: ["split"] },
      evaluate: { script: "echo evaluated", after: ["train", "baseline"] },
    });
  const churn = await api.upload({ "churn.json": steps(`${TALK}; echo done`) }, { name: "churn" });
  const broken = await api.upload(
    { "churn.json": steps(`${TALK}; echo 'ValueError: quince' >&2; exit 3`) },
    { pipelineId: churn.pipeline.id },
  );
  for (let at = 1; at <= 5; at += 1)
    await api.finished((await api.createRun(churn.version.id, {}, `churn-${240 + at}`)).id);
  const good = await api.finished((await api.createRun(churn.version.id, {}, "churn-246")).id);
  const failed = await api.finished((await api.createRun(broken.version.id, {}, "churn-247")).id);
  const typed = await api.upload({ "typed.json": oneStep("typed", "true", PARAMETERS) }, { name: "typed" });
  const loop = await api.upload({
    "sweep.json": loopOf("sweep", 12, { fit: { script: '[ "$1" != 7 ] || exit 1', takes: ["item"] } }),
  });
  const swept = await api.finished((await api.createRun(loop.version.id, {}, "sweep-1")).id);
  const files = document(
    [node("leave", { parameters: { filename: "leave.py", outputs: ["scores.csv", "tree.json", "words.txt"] } })],
    { properties: { name: "files" } },
  );
  const script =
    'open("scores.csv","w").write("name,score\\n"+"".join(f"fruit {n},{n*7%11}\\n" for n in range(30)))\nopen("tree.json","w").write(\'{"model":{"layers":[64,32]}}\')\nopen("words.txt","w").write("one quince\\n")\n';
  const shown = await api.upload({ "files.pipeline": JSON.stringify(files), "leave.py": script });
  const left = await api.finished((await api.createRun(shown.version.id, {}, "files-1")).id);
  const artifacts = await api.query<{ items: readonly { readonly id: number }[] }>("artifacts.list", {});
  const alone = await api.upload({ "alone.pipeline": JSON.stringify(files) }, { name: "alone" });
  const nightly = await api.mutate<{ id: string }>("experiments.create", {
    name: "nightly",
    description: "Every night at two.",
  });
  const recurring = await api.mutate<{ id: string }>("recurringRuns.create", {
    name: "churn every night",
    pipelineId: churn.pipeline.id,
    experimentId: nightly.id,
    trigger: { kind: "cron", cron: "30 2 * * *" },
    timeZone: "Europe/Berlin",
    isEnabled: true,
  });
  const gone = await api.upload({ "gone.json": oneStep("gone", "true") }, { name: "gone" });
  await api.mutate("pipelines.delete", { id: gone.pipeline.id });
  const thrown = await api.createRun(churn.version.id, {}, "thrown away");
  await api.finished(thrown.id);
  await api.mutate("runs.delete", { ids: [thrown.id] });
  return [
    ...pagesOf({
      failed,
      swept,
      left,
      pipeline: churn.pipeline.id,
      typed: typed.pipeline.id,
      recurring: recurring.id,
      experiment: nightly.id,
      compared: [good.id, failed.id],
      artifact: artifacts.items[0]?.id ?? 0,
    }),
    { name: "pipeline-incomplete", path: `/pipelines/${alone.pipeline.id}?tab=files` },
  ];
}

interface Made {
  readonly failed: RunView;
  readonly swept: RunView;
  readonly left: RunView;
  readonly pipeline: string;
  readonly typed: string;
  readonly recurring: string;
  readonly experiment: string;
  readonly compared: readonly string[];
  readonly artifact: number;
}

const pagesOf = ({
  failed,
  swept,
  left,
  pipeline,
  typed,
  recurring,
  experiment,
  compared,
  artifact,
}: Made): Picture[] => [
  { name: "home", path: "/" },
  { name: "runs", path: "/runs" },
  { name: "runs-none-match", path: "/runs?q=no+such+run" },
  { name: "run-failed", path: `/runs/${failed.id}` },
  { name: "run-overview", path: `/runs/${failed.id}?step=evaluate&tab=overview` },
  { name: "run-timeline", path: `/runs/${failed.id}?view=timeline` },
  { name: "run-steps", path: `/runs/${swept.id}?view=steps` },
  { name: "run-log", path: `/runs/${failed.id}?view=log` },
  { name: "run-details", path: `/runs/${failed.id}?view=details` },
  { name: "run-values", path: `/runs/${left.id}?task=${left.tasks[0]?.id}&tab=values` },
  { name: "run-gone", path: "/runs/00000000-0000-4000-8000-000000000000" },
  { name: "run-new", path: `/runs/new?pipeline=${typed}` },
  { name: "run-new-empty", path: "/runs/new" },
  { name: "run-clone", path: `/runs/new?cloneFrom=${failed.id}` },
  { name: "pipelines", path: "/pipelines" },
  { name: "pipeline", path: `/pipelines/${pipeline}` },
  { name: "pipeline-graph", path: `/pipelines/${pipeline}?tab=graph` },
  { name: "pipeline-diff", path: `/pipelines/${pipeline}/diff?from=1&to=2` },
  { name: "pipeline-diff-empty", path: `/pipelines/${typed}/diff` },
  { name: "pipeline-new", path: "/pipelines/new" },
  { name: "experiments", path: "/experiments" },
  { name: "experiment", path: `/experiments/${experiment}` },
  { name: "experiment-recurring", path: `/experiments/${experiment}?tab=recurring` },
  { name: "experiment-new", path: "/experiments/new" },
  { name: "recurring-runs", path: "/recurring-runs" },
  { name: "recurring-run", path: `/recurring-runs/${recurring}` },
  { name: "recurring-run-slots", path: `/recurring-runs/${recurring}?tab=slots` },
  { name: "recurring-run-edit", path: `/recurring-runs/${recurring}/edit` },
  { name: "recurring-run-new", path: `/recurring-runs/new?pipeline=${typed}` },
  { name: "compare", path: "/compare" },
  { name: "compare-runs", path: `/compare?runs=${compared.join(",")}` },
  { name: "executions", path: "/executions" },
  { name: "artifact", path: `/artifacts/${artifact}` },
  { name: "artifacts", path: "/artifacts" },
  { name: "profiles", path: "/settings/profiles" },
  { name: "profile-new", path: "/settings/profiles/new" },
  { name: "profile", path: "/settings/profiles/local" },
  { name: "storage", path: "/settings/storage" },
  { name: "settings", path: "/settings" },
  { name: "secrets", path: "/settings/secrets" },
  { name: "volumes", path: "/settings/volumes" },
  { name: "tokens", path: "/settings/tokens" },
  { name: "environments", path: "/settings/environments" },
  { name: "api-reference", path: "/api-reference" },
  { name: "gallery", path: "/gallery" },
];
