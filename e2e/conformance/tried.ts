/** Tries one case through the product, as a user would: upload, start, wait, look. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GROUP_KINDS, type JsonValue } from "@/pipelines/graph";
import { isRunOver, isTaskOver } from "@/server/domain/states";
import type { UploadView, VersionView } from "@/server/domain/views/pipelines";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary, TaskView } from "@/server/domain/views/tasks";
import type { Api } from "../support/api";
import { type TestServer, until } from "../support/server";
import type { Case, Ended } from "./case";

export type Verdict =
  | { readonly is: "passed"; readonly run: RunView | null }
  | { readonly is: "failed"; readonly wrong: readonly string[]; readonly run: RunView | null }
  | { readonly is: "skipped"; readonly reason: string };

export interface Product {
  readonly server: TestServer;
  readonly api: Api;
  /** Why packages cannot be had here; null where they can. */
  readonly withoutIndex: string | null;
}

const RUN_MS = 300_000;

const failed = (wrong: readonly string[], run: RunView | null = null): Verdict => ({ is: "failed", wrong, run });
const passed = (run: RunView | null = null): Verdict => ({ is: "passed", run });
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Tries a case and says what came of it; never throws. */
export async function tried(one: Case, product: Product): Promise<Verdict> {
  if (one.expect.is === "skipped") return { is: "skipped", reason: one.expect.reason };
  try {
    return await outcome(one, product);
  } catch (error) {
    return failed([wordsOf(error).slice(0, 1_500)]);
  }
}

async function outcome(one: Case, product: Product): Promise<Verdict> {
  const { api } = product;
  const { expect } = one;
  await one.prepare?.(api);
  let uploaded: UploadView;
  try {
    // A name of its own: an upload under a taken name would complete or follow another case's version.
    uploaded = await api.upload(one.files, { name: `${one.suite} ${one.name}`.slice(-128) });
  } catch (error) {
    if (expect.is !== "refused-at-upload") throw error;
    return expect.says.test(wordsOf(error)) ? passed() : failed([`refused in other words: ${wordsOf(error)}`]);
  }
  if (expect.is === "refused-at-upload") return failed(["the upload was accepted"]);
  const version = await api.query<VersionView>("pipelines.versionById", { versionId: uploaded.version.id });
  const wrong = wrongVersion(one, version);
  if (wrong.length > 0) return failed(wrong);
  if (expect.is === "drawn") return { is: "skipped", reason: `drawn, not run: ${expect.reason}` };
  const start = () =>
    api.mutate<{ id: string }>("runs.create", {
      versionId: version.id,
      parameters: one.parameters ?? {},
      name: one.name.slice(-128),
      cache: "ignore",
      ...(one.profile !== undefined && { profile: one.profile }),
    });
  if (expect.is === "incomplete" || expect.is === "refused-at-start") {
    const says = expect.is === "incomplete" ? /missing/ : expect.says;
    const refusal = await start().then(
      () => null,
      (error: unknown) => wordsOf(error),
    );
    if (refusal === null) return failed(["the start was accepted"]);
    return says.test(refusal) ? passed() : failed([`refused in other words: ${refusal}`]);
  }
  const { id } = await start();
  return expect.is === "terminated" ? terminated(id, expect.atRunning, product) : ran(one, id, product);
}

/** What is wrong about the stored version before anything is started. */
function wrongVersion({ expect, warns = [] }: Case, version: VersionView): string[] {
  const wrong: string[] = [];
  if (version.graph.steps.length === 0 && version.format === "kfp") wrong.push("its graph has no step");
  const missing = expect.is === "incomplete" ? expect.missing : [];
  const [seen, meant] = [version.missing, missing].map((list) => JSON.stringify([...list].sort()));
  if (seen !== meant) wrong.push(`missing are ${seen}, not ${meant}`);
  for (const rule of warns) {
    if (!version.problems.some((problem) => problem.rule === rule)) wrong.push(`no warning ${rule}`);
  }
  return wrong;
}

async function terminated(id: string, atRunning: number, { api }: Product): Promise<Verdict> {
  await until(`${atRunning} steps to run`, async () => {
    const { taskCounts } = await api.query<RunView>("runs.get", { id });
    return (taskCounts.running ?? 0) >= atRunning;
  });
  await api.mutate("runs.cancel", { id });
  const run = await api.finished(id);
  return run.state === "canceled" ? passed(run) : failed([`terminated, it ended ${run.state}`], run);
}

async function ran(one: Case, id: string, product: Product): Promise<Verdict> {
  if (one.expect.is !== "ended") return passed();
  const { state, outputs, check, timeoutMs = RUN_MS } = one.expect;
  const run = await finished(product.api, id, timeoutMs);
  const unbuilt = run.tasks.find(({ reason }) => reason?.code === "environment-failed");
  if (unbuilt !== undefined && product.withoutIndex !== null) return { is: "skipped", reason: product.withoutIndex };
  const ended = endedOf(run, product);
  const wrong = [
    ...(run.state === state ? [] : [`ended ${run.state}, not ${state}: ${whyOf(run)}`]),
    ...unsettled(run),
    ...(outputs === undefined || run.state !== state ? [] : wrongOutputs(run, outputs)),
    ...(check === undefined || run.state !== state ? [] : await check(ended)),
  ];
  return wrong.length === 0 ? passed(run) : failed(wrong, run);
}

/** Waits for the end; a run that takes too long is ended, so that it does not hold up the others. */
async function finished(api: Api, id: string, timeoutMs: number): Promise<RunView> {
  try {
    return await until(
      `run ${id} to end`,
      async () => {
        const run = await api.query<RunView>("runs.get", { id });
        return isRunOver(run.state) ? run : null;
      },
      timeoutMs,
      100,
    );
  } catch (error) {
    const run = await api.query<RunView>("runs.get", { id });
    await api.mutate("runs.cancel", { id });
    const open = run.tasks.filter((task) => !isTaskOver(task.state)).map((task) => `${task.step} ${task.state}`);
    throw new Error(`${wordsOf(error)}; it was ${run.state}, open: ${open.slice(0, 10).join(", ")}`);
  }
}

function whyOf(run: RunView): string {
  const first = run.tasks.find((task) => task.id === run.firstFailure);
  return [run.reason?.message, first && `${first.step}: ${first.reason?.message}`].filter(Boolean).join(" | ");
}

/** A run that is over has no open task, and one that succeeded no failed one; what was left out says why. */
function unsettled(run: RunView): string[] {
  return run.tasks.flatMap((task) => {
    if (!isTaskOver(task.state)) return [`${task.step} is still ${task.state}`];
    if (run.state === "succeeded" && ["failed", "canceled"].includes(task.state))
      return [`${task.step} ${task.state} in a run that succeeded`];
    if (["skipped", "omitted"].includes(task.state) && task.reason === null)
      return [`${task.step} is ${task.state} without a reason`];
    const isLeaf = !GROUP_KINDS.has(task.kind) && task.kind !== "importer";
    if (task.state === "succeeded" && isLeaf && task.attempt === 0)
      return [`${task.step} succeeded without an attempt`];
    return [];
  });
}

/** What differs from output values in the index's notation: artifacts as a list of `<type>`. */
export function wrongOutputs(run: RunView, wanted: { readonly [name: string]: JsonValue }): string[] {
  const artifacts = Object.entries(run.outputs.artifacts).map(([name, list]) => [name, list.map((a) => `<${a.type}>`)]);
  const found: { [name: string]: JsonValue } = { ...run.outputs.parameters, ...Object.fromEntries(artifacts) };
  const [seen, meant] = [found, wanted].map((one) => JSON.stringify(Object.entries(one).sort()));
  return seen === meant ? [] : [`outputs ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
}

function endedOf(run: RunView, { server, api }: Product): Ended {
  return {
    run,
    tasks: run.tasks,
    of: (stepKey) => run.tasks.filter((task) => lastKey(task) === stepKey),
    whole: (task) => api.query<TaskView>("tasks.get", { id: task.id }),
    log: async (task) => {
      const at = new URL(`/api/tasks/${task.id}/attempts/${Math.max(task.attempt, 1)}/log`, server.url);
      const response = await fetch(at, { headers: { authorization: `Bearer ${server.token}` } });
      return response.ok ? await response.text() : "";
    },
    file: (path) => readFileSync(join(server.home, path), "utf8"),
  };
}

/** The key of a task's step, without its parents. */
const lastKey = ({ stepPath }: TaskSummary): string => decodeURIComponent(stepPath.split("/").at(-1) ?? "");
