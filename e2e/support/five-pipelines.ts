/** Five pipelines, two of Elyra's and three of Kubeflow's, and what their runs leave without what differs from run to run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pythonChain } from "@/bench/specs";
import { EXAMPLES } from "@/pipelines/examples";
import type { ValuesView } from "@/server/domain/views/artifacts";
import type { MetricView } from "@/server/domain/views/metrics";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { elyraWithScript } from "../pipelines";
import type { Api } from "./api";

const SCRIPT = `
import json, os
print("run", len(os.environ["ELYRA_RUN_NAME"]) > 0)
json.dump({"metrics": [{"name": "score", "numberValue": 0.75, "format": "RAW"}]}, open("mlpipeline-metrics.json", "w"))
`;

type Files = { readonly [path: string]: string };

const ofExample = (id: string): Files => {
  const folder = join(programRoot(), "pipelines", "examples", id);
  const files = EXAMPLES.find((example) => example.id === id)?.files ?? [];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
};

export const FIVE_PIPELINES: readonly (readonly [name: string, files: Files])[] = [
  ["hello-shell", ofExample("hello-shell")],
  ["nightly-report", ofExample("nightly-report")],
  ["a lightweight component", { "chain.json": JSON.stringify(pythonChain(2)) }],
  ["flower-classifier", ofExample("flower-classifier")],
  ["a script of Elyra's", { "one.pipeline": elyraWithScript("one", "say.py"), "say.py": SCRIPT }],
];

/** What a run has left, and how many attempts it took. */
export async function leftBy(api: Api, run: RunView): Promise<{ readonly left: object; readonly attempts: number }> {
  const tasks = await Promise.all(run.tasks.map(({ id }) => api.query<TaskView>("tasks.get", { id })));
  const values = ({ parameters, artifacts }: ValuesView) => ({
    parameters,
    artifacts: Object.entries(artifacts).map(([name, list]) => [name, list.map(({ digest, type }) => [digest, type])]),
  });
  const left = {
    tasks: Object.fromEntries(tasks.map((task) => [task.step, { state: task.state, ...values(task.outputs) }])),
    outputs: values(run.outputs).parameters,
    metrics: run.metrics.map(({ name, value, format }: MetricView) => ({ name, value, format })),
  };
  return { left, attempts: tasks.reduce((sum, { attempts }) => sum + attempts.length, 0) };
}
