/** Runs fixtures without chance here and under kfp.local, and compares what every task and the run left. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GROUP_KINDS, type JsonValue } from "@/pipelines/graph";
import type { ValuesView } from "@/server/domain/views/artifacts";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { pythonEnv } from "../support/python-env";
import type { Case } from "./case";
import { contentOf, kfpLocalLeft, type Left, ourKey } from "./local-outputs";
import { type Product, tried } from "./tried";

/** Fixtures whose outputs do not depend on chance, time or place, and that are lightweight components alone. */
const COMPARED =
  /nested_return|producer_consumer|parallelfor_parallelism|with_utils|preprocess|pythonic_artifacts|add_numbers|artifact_cache|parameter_cache|collected_parameters|optional_inputs|mixed_parameters|namedtuple|parallel_for_after|pipeline_with_retry|env_variable|concat_message|dict_input|embedded_artifact|lightweight_python_functions_(pipeline|with_outputs)|exit_handler|k8s_only|pipeline_with_oneof|pipeline_with_caching|loop_consume|nested_pipeline_opt|pipeline_with_loops\.yaml|sample_pipeline|pipelinespec|returning-component|fail_v2|importer_workspace|general_ephemeral|nodeaffinity|timeout/;

/** Where kfp.local does something else, and which decision of formats-kfp 9.1 says what is right. */
const DECIDED: readonly (readonly [RegExp, string])[] = [
  [/local_execution_pipeline_with_exit_handler/, "9.1 1: the final status is COMPLETE"],
  [/producer_consumer|lightweight_python_functions_pipeline/, "9.1 18: whole numbers in lists stay whole"],
];

interface LocalRun {
  readonly state: string;
  readonly error: string | null;
  readonly outputs: {
    readonly [name: string]: {
      readonly value?: JsonValue;
      readonly artifacts?: readonly { readonly metadata: { readonly [k: string]: JsonValue }; readonly uri: string }[];
    };
  };
}

export interface LocalSdk {
  readonly python: string;
  readonly version: string;
}

const VERSION = "2.17.3";

/** An environment with the newest SDK; throws pip's words where it cannot be had. */
export async function installKfpLocal(): Promise<LocalSdk> {
  const { python, reason } = await pythonEnv([`kfp==${VERSION}`, "docker==7.1.0"]);
  if (python === null) throw new Error(reason);
  return { python, version: VERSION };
}

/** kfp.local runs every step in one environment, so the file is given that environment's version of the SDK. */
async function runLocally(one: Case, sdk: LocalSdk, folder: string): Promise<{ run: LocalRun; root: string }> {
  const [[name = "", text = ""] = []] = Object.entries(one.files);
  const [file, root, given] = [join(folder, name), join(folder, "root"), join(folder, "arguments.json")];
  writeFileSync(file, String(text).replaceAll(/kfp==[0-9][0-9a-z.-]*/g, `kfp==${sdk.version}`));
  writeFileSync(given, JSON.stringify(one.parameters ?? {}));
  const script = join(programRoot(), "e2e", "conformance", "kfp_local.py");
  const env = { ...process.env, PATH: `${join(sdk.python, "..")}:${process.env.PATH}` };
  const { stdout } = await promisify(execFile)(sdk.python, [script, file, root, given], { env, maxBuffer: 2 ** 26 });
  return { run: JSON.parse(stdout.slice(stdout.lastIndexOf("RESULT") + "RESULT".length)), root };
}

function leftOf(values: ValuesView, home: string): Left {
  const artifacts = Object.entries(values.artifacts).map(([name, list]) => [
    name,
    list.map(({ metadata, path }) => ({ metadata, content: contentOf(path === null ? null : join(home, path)) })),
  ]);
  return { parameters: values.parameters, artifacts: Object.fromEntries(artifacts) };
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
};
/** One text per value; places of either run are taken out. */
const text = (left: Left, homes: readonly string[]): string =>
  homes.reduce((all, home) => all.replaceAll(new RegExp(`${home}[^"]*`, "g"), "<path>"), JSON.stringify(sorted(left)));

function differences(
  ours: ReadonlyMap<string, readonly Left[]>,
  theirs: readonly (readonly [string, Left])[],
  homes: string[],
) {
  const wrong: string[] = [];
  for (const [key, left] of theirs) {
    const same = ours.get(key) ?? [];
    const wanted = text(left, homes);
    if (!same.some((one) => text(one, homes) === wanted)) {
      wrong.push(`${key}: ${same.map((one) => text(one, homes)).join(" or ") || "no such task"}, there ${wanted}`);
    }
  }
  return wrong;
}

async function ourTasks(run: RunView, { api, server }: Product): Promise<Map<string, Left[]>> {
  const byKey = new Map<string, Left[]>();
  for (const task of run.tasks) {
    if (GROUP_KINDS.has(task.kind) || task.kind === "importer" || task.state !== "succeeded") continue;
    const { outputs } = await api.query<TaskView>("tasks.get", { id: task.id });
    const key = ourKey(task.step);
    byKey.set(key, [...(byKey.get(key) ?? []), leftOf(outputs, server.home)]);
  }
  return byKey;
}

function theirOutputs({ outputs }: LocalRun): Left {
  const entries = Object.entries(outputs);
  const values = entries
    .filter(([, one]) => one.artifacts === undefined)
    .map(([name, { value = null }]) => [name, value]);
  const artifacts = entries.flatMap(([name, { artifacts: list }]) =>
    list === undefined
      ? []
      : [[name, list.map(({ metadata, uri }) => ({ metadata, content: contentOf(uri) }))] as const],
  );
  return { parameters: Object.fromEntries(values), artifacts: Object.fromEntries(artifacts) };
}

async function compared(one: Case, product: Product, sdk: LocalSdk): Promise<readonly string[]> {
  const verdict = await tried(one, product);
  if (verdict.is === "failed") return verdict.wrong;
  if (verdict.is === "skipped" || verdict.run === null) return ["it was not run here"];
  const folder = mkdtempSync(join(tmpdir(), "penstock-kfp-local-"));
  try {
    mkdirSync(join(folder, "root"));
    const { run, root } = await runLocally(one, sdk, folder);
    if (run.state !== verdict.run.state) return [`ended ${verdict.run.state}, there ${run.state}: ${run.error}`];
    const homes = [product.server.home, folder];
    const tasks = kfpLocalLeft(root);
    if (tasks.length === 0 && run.state === "succeeded") return ["kfp.local left no result file"];
    const runs = differences(
      new Map([["the run", [leftOf(verdict.run.outputs, product.server.home)]]]),
      [["the run", theirOutputs(run)]],
      homes,
    );
    return [
      ...differences(await ourTasks(verdict.run, product), tasks, homes),
      ...(run.state === "failed" ? [] : runs),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compares every fixture that can be; prints one line each and gives how many were equal, differ, or differ as decided. */
export async function againstKfpLocal(cases: readonly Case[], product: Product, sdk: LocalSdk) {
  const counts = { equal: 0, different: 0, decided: 0 };
  for (const one of cases.filter(({ name, expect }) => COMPARED.test(name) && expect.is === "ended")) {
    const wrong = await compared(one, product, sdk).catch((error: unknown) => [String(error).slice(0, 800)]);
    const decision = DECIDED.find(([pattern]) => pattern.test(one.name))?.[1];
    if (wrong.length === 0) {
      counts.equal += 1;
      console.log(`equal ${one.name}`);
    } else if (decision !== undefined) {
      counts.decided += 1;
      console.log(
        [`as decided (${decision}) ${one.name}`, ...wrong.map((line) => `       ${line.slice(0, 400)}`)].join("\n"),
      );
    } else {
      counts.different += 1;
      console.log([`DIFFERENT ${one.name}`, ...wrong.map((line) => `       ${line.slice(0, 1_200)}`)].join("\n"));
    }
  }
  return counts;
}
