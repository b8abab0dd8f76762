/** What each snippet has to bring about: values for it from a fresh situation, and how to see that it happened. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { SNIPPETS, SnippetAction } from "@/server/domain/snippets";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import type { SecretView } from "@/server/domain/views/surroundings";
import type { TaskView } from "@/server/domain/views/tasks";
import type { Api } from "./support/api";
import { alone, parent, pipeline, shell, task } from "./support/shell-specs";

/** Text that a careless quoting would run, cut or change. */
const HOSTILE = `it's "quoted" $(touch pwned) \`touch pwned\` \\ ü 日本 #;&|* $HOME`;

const optional = (parameterType: string) => ({ parameterType, isOptional: true });

/** Two steps in a row: the first says its text and leaves it as an artifact. */
const twoSteps = (name: string): string =>
  pipeline(
    name,
    {
      first: shell('echo "$1"; echo "$1" > "$2"', { in: { text: "STRING" }, leaves: ["left"] }),
      second: shell("true"),
    },
    {
      first: task("first", { parameters: { text: parent("text") } }),
      second: task("second", { after: ["first"] }),
    },
    {
      inputs: {
        text: { parameterType: "STRING", defaultValue: "nothing" },
        many: optional("LIST"),
        number: optional("NUMBER_DOUBLE"),
        flag: optional("BOOLEAN"),
      },
    },
  );

type Values<A extends SnippetAction> = Parameters<(typeof SNIPPETS)[A]>[1];

interface Prepared<A extends SnippetAction> {
  readonly values: Values<A>;
  /** Throws unless it happened. */
  readonly check: () => Promise<void>;
}

export type Scenarios = { readonly [A in SnippetAction]: () => Promise<Prepared<A>> };

/** Builds the scenarios over a server; files are read from and written to `folder`. */
export function snippetScenarios(api: Api, folder: string): Scenarios {
  let count = 0;
  const fresh = (what: string) => `${what} ${++count} ${HOSTILE}`;
  const plain = (what: string) => `${what}-${++count}`;
  const file = "spec ü;,\"'.yaml";
  const spec = twoSteps("pasted");
  writeFileSync(join(folder, file), spec);

  const upload = async () => await api.upload({ [file]: spec }, { name: plain("pipeline") });
  const runs = async () => (await api.query<PageView<RunSummary>>("runs.list", { limit: 200 })).items;
  const ended = async (parameters = {}) => {
    const { version, pipeline } = await upload();
    const run = await api.finished((await api.createRun(version.id, parameters, plain("run"))).id);
    return { run, version, pipeline };
  };
  const run = (id: string) => api.query<RunView>("runs.get", { id });
  const experiment = () => api.mutate<ExperimentView>("experiments.create", { name: plain("experiment") });
  const startValues = async (name: string) => {
    const { version, pipeline } = await upload();
    const { id, name: experimentName } = await experiment();
    return {
      name,
      pipelineId: pipeline.id,
      versionId: version.id,
      experimentId: id,
      experimentName,
      specFile: file,
      parameters: { text: HOSTILE, many: [1, null, { "a'b": HOSTILE }], number: 0.1, flag: true },
    };
  };
  const started = async (name: string) => {
    const found = (await runs()).find((each) => each.name === name);
    expect(found?.name).toBe(name);
    return run(found?.id ?? "");
  };
  const partValues = async () => {
    const { run: source, version } = await ended({ text: HOSTILE });
    const name = fresh("part");
    const values = {
      id: source.id,
      name,
      pipelineId: source.pipeline?.id ?? null,
      versionId: version.id,
      experimentId: source.experiment.id,
      experimentName: source.experiment.name,
      specFile: file,
      parameters: source.parameters,
    };
    return { source, name, values };
  };
  const flagged = async (isArchived: boolean) => {
    const ids = [(await ended()).run.id, (await ended()).run.id];
    if (isArchived) await api.mutate("runs.archive", { ids });
    return ids;
  };
  const waiting = async () => {
    const { version } = await api.upload({ "slow.yaml": alone("slow", shell("sleep 300")) }, { name: plain("slow") });
    return (await api.createRun(version.id)).id;
  };

  const recurring = async (isEnabled = true) => {
    const { id: pipelineId } = (await upload()).pipeline;
    const trigger = { kind: "interval", seconds: 86_400 };
    const asked = { name: plain("recurring"), pipelineId, trigger, isEnabled };
    return (await api.mutate<RecurringRunView>("recurringRuns.create", asked)).id;
  };
  const switched = async (isEnabled: boolean, state: string) => {
    const ids = [await recurring(isEnabled), await recurring(isEnabled)];
    return {
      values: { ids },
      check: async () => {
        for (const id of ids) expect(await api.query("recurringRuns.get", { id })).toMatchObject({ state });
      },
    };
  };

  return {
    async startRun() {
      const name = fresh("run");
      const values = await startValues(name);
      return {
        values,
        check: async () => {
          const made = await started(name);
          expect(made.parameters).toMatchObject(values.parameters);
          expect(made.experiment.name).toBe(values.experimentName);
        },
      };
    },
    async rerunFromStep() {
      const { source, name, values } = await partValues();
      return {
        values: { run: values, step: "second" },
        check: async () => {
          const made = await started(name);
          expect(made.clonedFrom?.id).toBe(source.id);
          const end = await api.finished(made.id);
          expect(end.tasks.find(({ step }) => step === "first")?.attempt).toBe(0);
        },
      };
    },
    async runUpToStep() {
      const { name, values } = await partValues();
      return {
        values: { run: values, step: "first" },
        check: async () => {
          const end = await api.finished((await started(name)).id);
          expect(end.tasks.map(({ step }) => step)).toEqual(["first"]);
        },
      };
    },
    async cancelRuns() {
      const ids = [await waiting(), await waiting()];
      return {
        values: { ids, isHard: false },
        check: async () => {
          for (const id of ids) expect((await api.finished(id)).state).toBe("canceled");
        },
      };
    },
    async retryRuns() {
      const { version } = await api.upload({ "bad.yaml": alone("bad", shell("exit 3")) }, { name: plain("bad") });
      const { id } = await api.finished((await api.createRun(version.id)).id);
      return {
        values: { ids: [id] },
        check: async () => {
          const end = await api.finished(id);
          const task = await api.query<TaskView>("tasks.get", { id: end.tasks[0]?.id });
          expect(task.attempts).toHaveLength(2);
        },
      };
    },
    async archiveRuns() {
      const ids = await flagged(false);
      return {
        values: { ids },
        check: async () => {
          for (const id of ids) expect((await run(id)).archivedAt).not.toBeNull();
        },
      };
    },
    async restoreRuns() {
      const ids = await flagged(true);
      return {
        values: { ids },
        check: async () => {
          for (const id of ids) expect((await run(id)).archivedAt).toBeNull();
        },
      };
    },
    async deleteRuns() {
      const ids = await flagged(true);
      return {
        values: { ids },
        check: async () => {
          for (const id of ids) await expect(run(id)).rejects.toThrow("404");
        },
      };
    },
    async moveRunsToFront() {
      const id = await waiting();
      await api.mutate("runs.setPriority", { ids: [await waiting()], priority: 3 });
      return { values: { ids: [id] }, check: async () => expect((await run(id)).priority).toBeGreaterThan(3) };
    },
    async renameRun() {
      const { id } = (await ended()).run;
      const name = fresh("renamed");
      return { values: { id, name }, check: async () => expect((await run(id)).name).toBe(name) };
    },
    async downloadLog() {
      const { run: source } = await ended({ text: "said" });
      const task = source.tasks[0];
      const values = { runId: source.id, step: task?.step ?? "", task: task?.id ?? 0, attempt: 1 };
      const target = join(folder, `task-${values.task}-attempt-1.log`);
      return {
        values,
        check: async () => {
          if (existsSync(target)) expect(readFileSync(target, "utf8")).toBe("said\n");
          rmSync(target, { force: true });
        },
      };
    },
    async downloadArtifact() {
      const { run: source } = await ended({ text: "left" });
      const task = await api.query<TaskView>("tasks.get", { id: source.tasks[0]?.id });
      const id = Object.values(task.outputs.artifacts)[0]?.[0]?.id ?? 0;
      const target = "left ü'$HOME.txt";
      return {
        values: { id, file: target },
        check: async () => {
          expect(readFileSync(join(folder, target), "utf8")).toBe("left\n");
          rmSync(join(folder, target));
        },
      };
    },
    async reportMetrics() {
      const { id } = (await ended()).run;
      const metrics = [{ name: HOSTILE, value: 0.25, index: 3 }];
      return {
        values: { runId: id, metrics },
        check: async () => expect((await run(id)).metrics).toMatchObject(metrics),
      };
    },
    async uploadPipeline() {
      const name = fresh("uploaded");
      return {
        values: { files: [file], name, description: HOSTILE },
        check: async () => {
          const page = await api.query<PageView<PipelineSummary>>("pipelines.list", { limit: 200 });
          expect(page.items.find((each) => each.name === name)?.description).toBe(HOSTILE);
        },
      };
    },
    async uploadVersion() {
      const { pipeline } = await api.upload({ [file]: alone("other", shell("true")) }, { name: plain("pipeline") });
      return {
        values: { pipelineId: pipeline.id, files: [file], name: plain("version") },
        check: async () => {
          expect((await api.query<PipelineSummary>("pipelines.get", { id: pipeline.id })).versionCount).toBe(2);
        },
      };
    },
    async deletePipeline() {
      const { id } = (await upload()).pipeline;
      return {
        values: { id },
        check: async () => expect(api.query("pipelines.get", { id })).rejects.toThrow("404"),
      };
    },
    async restorePipeline() {
      const { id } = (await upload()).pipeline;
      await api.mutate("pipelines.delete", { id });
      return {
        values: { id },
        check: async () => expect((await api.query<PipelineSummary>("pipelines.get", { id })).id).toBe(id),
      };
    },
    async deleteVersion() {
      const { pipeline } = await upload();
      const { version } = await api.upload({ [file]: alone("later", shell("true")) }, { pipelineId: pipeline.id });
      return {
        values: { pipelineId: pipeline.id, id: version.id, number: version.number },
        check: async () =>
          expect(await api.query("pipelines.version", { id: pipeline.id })).toMatchObject({ number: 1 }),
      };
    },
    async restoreVersion() {
      const { pipeline } = await upload();
      const { version } = await api.upload({ [file]: alone("later", shell("true")) }, { pipelineId: pipeline.id });
      await api.mutate("pipelines.deleteVersion", { versionId: version.id });
      return {
        values: { id: version.id },
        check: async () =>
          expect(await api.query("pipelines.version", { id: pipeline.id })).toMatchObject({ number: version.number }),
      };
    },
    async changePipeline() {
      const { id } = (await upload()).pipeline;
      const tags = { "a b'": `${HOSTILE.slice(0, 40)}` };
      return {
        values: { id, description: HOSTILE, tags },
        check: async () =>
          expect(await api.query("pipelines.get", { id })).toMatchObject({ description: HOSTILE, tags }),
      };
    },
    async createExperiment() {
      const name = fresh("experiment");
      return {
        values: { name, description: HOSTILE },
        check: async () => {
          const page = await api.query<PageView<ExperimentView>>("experiments.list", { limit: 200 });
          expect(page.items.find((each) => each.name === name)?.description).toBe(HOSTILE);
        },
      };
    },
    async archiveExperiment() {
      const { id } = await experiment();
      return {
        values: { id },
        check: async () =>
          expect((await api.query<ExperimentView>("experiments.get", { id })).archivedAt).not.toBeNull(),
      };
    },
    async deleteExperiment() {
      const { id } = await experiment();
      return {
        values: { id },
        check: async () => expect(api.query("experiments.get", { id })).rejects.toThrow("404"),
      };
    },
    async undeleteExperiment() {
      const { id } = await experiment();
      await api.mutate("experiments.delete", { id });
      return {
        values: { id },
        check: async () => expect((await api.query<ExperimentView>("experiments.get", { id })).id).toBe(id),
      };
    },
    async restoreExperiment() {
      const { id } = await experiment();
      await api.mutate("experiments.archive", { id });
      return {
        values: { id },
        check: async () => expect((await api.query<ExperimentView>("experiments.get", { id })).archivedAt).toBeNull(),
      };
    },
    async createRecurringRun() {
      const { pipeline, version } = await upload();
      const name = fresh("recurring");
      const values = {
        name,
        description: "",
        pipelineId: pipeline.id,
        versionId: version.id,
        experimentId: (await experiment()).id,
        trigger: { kind: "interval", seconds: 86_400 } as const,
        timeZone: "UTC",
        startAt: "2030-01-01T00:00:00.000Z",
        endAt: "2031-01-01T00:00:00.000Z",
        maxConcurrency: 3,
        overlap: "wait" as const,
        catchUp: "latest" as const,
        parameters: { text: HOSTILE, flag: true },
        profile: null,
        priority: 0,
        cache: null,
        tags: {},
        isEnabled: true,
      };
      return {
        values,
        check: async () => {
          const page = await api.query<PageView<RecurringRunView>>("recurringRuns.list", { limit: 200 });
          const { timeZone: _, description: __, isEnabled: ___, pipelineId, versionId, experimentId, ...same } = values;
          const made = page.items.find((each) => each.name === name);
          expect(made).toMatchObject({ ...same, state: "enabled", pipeline: { id: pipelineId } });
          expect(made).toMatchObject({ version: { id: versionId }, experiment: { id: experimentId } });
        },
      };
    },
    enableRecurringRuns: async () => switched(false, "enabled"),
    disableRecurringRuns: async () => switched(true, "disabled"),
    async deleteRecurringRuns() {
      const ids = [await recurring(), await recurring()];
      return {
        values: { ids },
        check: async () => {
          for (const id of ids) await expect(api.query("recurringRuns.get", { id })).rejects.toThrow("404");
        },
      };
    },
    async restoreRecurringRuns() {
      const ids = [await recurring()];
      await api.mutate("recurringRuns.delete", { id: ids[0] });
      return {
        values: { ids },
        check: async () => expect(await api.query("recurringRuns.get", { id: ids[0] })).toMatchObject({ id: ids[0] }),
      };
    },
    async runRecurringRuns() {
      const id = await recurring();
      return {
        values: { ids: [id] },
        check: async () => {
          const made = await api.query<PageView<RunSummary>>("runs.list", { recurringRunId: id });
          expect(made.items).toHaveLength(1);
        },
      };
    },
    async saveProfile() {
      const name = plain("profile");
      const environment = { HOSTILE };
      return {
        values: { name, environment, capacity: 3, graceMs: 2500 },
        check: async () =>
          expect(await api.query("profiles.get", { name })).toMatchObject({ environment, capacity: 3, graceMs: 2500 }),
      };
    },
    async removeProfile() {
      const name = plain("profile");
      await api.mutate("profiles.save", { name });
      return {
        values: { name },
        check: async () => expect(api.query("profiles.get", { name })).rejects.toThrow("404"),
      };
    },
    async setSecret() {
      const name = plain("secret");
      return {
        values: { name, key: "key" },
        check: async () => {
          const secrets = await api.query<SecretView[]>("secrets.list");
          expect(JSON.stringify(secrets.find((each) => each.name === name)?.keys)).toContain("key");
        },
      };
    },
    async removeSecret() {
      const name = plain("secret");
      await api.mutate("secrets.save", { name, values: { key: "value" } });
      return {
        values: { name },
        check: async () =>
          expect((await api.query<SecretView[]>("secrets.list")).some((each) => each.name === name)).toBe(false),
      };
    },
    async addVolume() {
      const name = plain("volume");
      return {
        values: { name, path: folder },
        check: async () => expect(JSON.stringify(await api.query("volumes.list"))).toContain(name),
      };
    },
    async removeVolume() {
      const name = plain("volume");
      await api.mutate("volumes.save", { name });
      return {
        values: { name },
        check: async () => expect(JSON.stringify(await api.query("volumes.list"))).not.toContain(`"${name}"`),
      };
    },
    async changeSetting() {
      const value = [`host-${++count}.example`];
      return {
        values: { name: "import-hosts", value },
        check: async () => expect(await api.query("settings.list")).toMatchObject({ "import-hosts": value }),
      };
    },
  };
}
