/** The `.pipeline` fixtures as cases: each with companion files made here, tried on the process executor against the index. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import Papa from "papaparse";
import { parsePipeline } from "@/pipelines";
import { resolveNeeds } from "@/pipelines/elyra/bundle";
import { joinPath } from "@/pipelines/elyra/paths";
import type { PipelineGraph } from "@/pipelines/graph";
import { programRoot } from "@/server/platform/root";
import type { Api } from "../support/api";
import type { Case, Check, Expectation } from "./case";
import { companions } from "./elyra-companions";

interface IndexRow {
  readonly path: string;
  readonly expected: string;
}

/** Folder of the Elyra fixtures, null where they are absent. */
function elyraFolder(): string | null {
  const base = process.env.PENSTOCK_FIXTURES ?? resolve(programRoot(), "..", "shared", "fixtures");
  const folder = join(base, "elyra");
  return existsSync(join(folder, "index.csv")) ? folder : null;
}

/** Every fixture, some of them twice; empty where the fixtures are absent. */
export function elyraFixtures(): Case[] {
  const folder = elyraFolder();
  if (folder === null) return [];
  const { data } = Papa.parse<IndexRow>(readFileSync(join(folder, "index.csv"), "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  return data.flatMap((row) => casesOf(row, readFileSync(join(folder, row.path), "utf8")));
}

const RUNS: Expectation = { is: "ended", state: "succeeded", timeoutMs: 300_000 };
const refusedAtUpload = (says: RegExp): Expectation => ({ is: "refused-at-upload", says });
const refusedAtStart = (says: RegExp): Expectation => ({ is: "refused-at-start", says });

/** What each text of the index means for an upload with all companion files, on a profile as it comes. */
const MEANINGS: { readonly [expected: string]: Expectation } = {
  valid: RUNS,
  "valid graph": RUNS,
  "valid graph; order f a c g": RUNS,
  "valid with a warning": RUNS,
  "valid with warnings": RUNS,
  "valid when tolerated": RUNS,
  "op/extension mismatch": RUNS,
  // An image matters to containers alone; this executor does without one.
  "error for containers": RUNS,
  incomplete: RUNS,
  migrates: RUNS,
  "valid; needs containers": refusedAtStart(/custom component .* needs a container profile/),
  "valid to view, refused to run": refusedAtStart(/is the Airflow operator TestOperator/),
  "refused to run": refusedAtStart(/is the Airflow operator/),
  "component not found": refusedAtStart(/invalid_node_operation.*in no known catalog/),
  error: refusedAtUpload(/./),
  "error with position": refusedAtUpload(/line 372|column 1|JSON/),
  "error naming the cycle": refusedAtUpload(/notebookD\.ipynb → notebookB\.ipynb → notebookD\.ipynb/),
};

/** Where the graph is valid and something else stops it here. */
const EXCEPTIONS: { readonly [path: string]: Expectation } = {
  "elyra/supernode.pipeline": refusedAtStart(/custom component .* needs a container profile/),
  "elyra/pipeline_valid_with_pipeline_default.json": refusedAtStart(/is the Airflow operator/),
};

const WARNINGS: { readonly [expected: string]: readonly string[] } = {
  "valid with a warning": ["unused-parameter"],
  "op/extension mismatch": ["operation-file-mismatch"],
};

const SLICE = new Set([
  "elyra/generic-test.pipeline",
  "elyra/kfp-multi-node-generic.pipeline",
  "elyra/single_cycle.pipeline",
  "elyra/airflow_bash_operator.pipeline",
  "elyra/supernode.pipeline",
]);

function casesOf({ path, expected }: IndexRow, text: string): Case[] {
  const entry = basename(path);
  const parsed = parsePipeline({ fileName: entry, text });
  const graph = parsed.ok ? parsed.graph : null;
  const meaning = EXCEPTIONS[path] ?? MEANINGS[expected];
  if (meaning === undefined)
    throw new Error(`The index says "${expected}" of ${path}, which this table does not know.`);
  const warns = WARNINGS[expected];
  const whole: Case = {
    suite: "elyra",
    name: path,
    files: filesOf(entry, text, graph),
    ...(warns === undefined ? {} : { warns }),
    ...(SLICE.has(path) ? { isInSlice: true } : {}),
    expect: graph !== null && meaning.is === "ended" ? { ...meaning, check: inOrder(graph) } : meaning,
  };
  if (graph === null) return [whole];
  const missing = resolveNeeds(graph, []).missing;
  const alone: Case[] =
    missing.length === 0
      ? []
      : [{ suite: "elyra", name: `${path} alone`, files: { [entry]: text }, expect: { is: "incomplete", missing } }];
  return [...alone, ...(mounts(graph) ? mountCases(whole, graph) : [whole])];
}

/** A mounted path cannot be had by a process: refused, unless the profile does without mounts. */
function mountCases(whole: Case, graph: PipelineGraph): Case[] {
  if (whole.expect.is !== "ended") return [whole];
  const profile = "without-mounts";
  return [
    { ...whole, prepare: (api) => giveSecrets(api, graph), expect: refusedAtStart(/needs a container profile/) },
    {
      ...whole,
      name: `${whole.name} without mounts`,
      profile,
      prepare: async (api) => {
        await giveSecrets(api, graph);
        await api.mutate("profiles.save", { name: profile, runsWithoutMounts: true });
      },
    },
  ];
}

const fileBodies = (graph: PipelineGraph) => graph.steps.flatMap(({ body }) => (body.body === "file" ? [body] : []));

const mounts = (graph: PipelineGraph): boolean => fileBodies(graph).some((body) => body.volumes.length > 0);

async function giveSecrets(api: Api, graph: PipelineGraph): Promise<void> {
  const secrets = new Map<string, Record<string, string>>();
  for (const { secret, key } of fileBodies(graph).flatMap((body) => body.secrets)) {
    secrets.set(secret, { ...secrets.get(secret), [key]: `made-up ${key}` });
  }
  for (const [name, values] of secrets) await api.mutate("secrets.save", { name, values });
}

/** The pipeline with its companions; one that names files above itself lies in a folder. */
function filesOf(entry: string, text: string, graph: PipelineGraph | null): Case["files"] {
  if (graph === null) return { [entry]: text };
  const made = companions(graph);
  const folder = Object.keys(made).some((path) => path.startsWith("../")) ? "work" : "";
  const placed = Object.entries(made).map(([path, content]) => [joinPath(folder, path) ?? path, content]);
  return { [joinPath(folder, entry) ?? entry]: text, ...Object.fromEntries(placed) };
}

/** No step began before those it depends on had ended. */
function inOrder(graph: PipelineGraph): Check {
  return ({ tasks }) => {
    const byStep = new Map(tasks.map((task) => [task.stepPath, task]));
    return graph.steps.flatMap(({ path, name, dependsOn }) => {
      const began = byStep.get(path)?.startedAt;
      if (began === undefined || began === null) return [`${name} was never started`];
      const late = dependsOn.filter((before) => (byStep.get(before)?.finishedAt ?? "9") > began);
      return late.map((before) => `${name} began before ${byStep.get(before)?.name ?? before} had ended`);
    });
  };
}
