/** Pipelines, versions and experiments in the trash: they come back as they were, and go once nothing belongs to them. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { document, node } from "@/pipelines/elyra/sample-document";
import { DAY_MS } from "@/server/domain/retention";
import type { TrashView } from "@/server/domain/views/retention";
import { archiveExperiment } from "../experiments/archive-experiment";
import { createExperiment } from "../experiments/create-experiment";
import { bringBackExperiment, deleteExperiment } from "../experiments/delete-experiment";
import { getExperiment } from "../experiments/get-experiment";
import { deletePipeline, deleteVersion, restorePipeline, restoreVersion } from "../pipelines/delete-pipeline";
import { getVersion } from "../pipelines/get-version";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { purgeDefinitionNow, purgeDefinitions } from "./purge-definitions";
import { listTrash } from "./trash";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

/** A pipeline of this name with one version, or one more of a pipeline that is there. */
const upload = (name: string, pipelineId?: string) =>
  storeUpload(services.context, {
    files: [services.receive("p.json", kfpSpec(name))],
    ...(pipelineId === undefined ? { name } : { pipelineId }),
  });

/** A pipeline with a script beside its text. */
const uploadWith = (name: string, script: string) =>
  storeUpload(services.context, {
    files: [
      services.receive("p.pipeline", JSON.stringify(document([node("a", { parameters: { filename: "a.py" } })], {}))),
      services.receive("a.py", script),
    ],
    name,
  });
const blobOf = (script: string): string =>
  services.context.dataDir.blob(createHash("sha256").update(script).digest("hex"));
const sql = () => services.context.db.$client;
const inTrash = (): TrashView["definitions"] => listTrash(services.context).definitions;
const later = (days: number) => ({
  ...services.context,
  now: () => new Date(services.context.now().getTime() + days * DAY_MS),
});

test("a deleted version is in the trash alone, comes back, and its pipeline shows the newest of the others meanwhile", async () => {
  const first = await upload("one");
  const { id } = first.pipeline;
  const second = await upload("two", id);
  await deleteVersion(services.context, second.version.id);
  expect(getVersion(services.context, { id }).id).toBe(first.version.id);
  expect(inTrash()).toMatchObject([{ kind: "version", id: second.version.id, name: `${first.pipeline.name} v2` }]);
  await restoreVersion(services.context, second.version.id);
  expect(getVersion(services.context, { id }).id).toBe(second.version.id);
  await deleteVersion(services.context, second.version.id);
  await deletePipeline(services.context, id);
  expect(inTrash().map(({ kind }) => kind)).toEqual(["pipeline"]);
  await expect(restoreVersion(services.context, second.version.id)).rejects.toMatchObject({ code: "conflict" });
  await restorePipeline(services.context, id);
  expect(inTrash().map(({ kind }) => kind)).toEqual(["version"]);
});

test("a deleted experiment comes back archived as it was, and not beside one that took its name", async () => {
  const { id } = await createExperiment(services.context, { name: "night" });
  await archiveExperiment(services.context, id);
  await deleteExperiment(services.context, id);
  expect(inTrash()).toMatchObject([{ kind: "experiment", name: "night" }]);
  expect((await bringBackExperiment(services.context, id)).archivedAt).not.toBeNull();
  expect((await bringBackExperiment(services.context, id)).archivedAt).toBeNull();
  await deleteExperiment(services.context, id);
  const other = await createExperiment(services.context, { name: "night" });
  await expect(bringBackExperiment(services.context, id)).rejects.toMatchObject({ code: "conflict" });
  await deleteExperiment(services.context, other.id);
  await bringBackExperiment(services.context, id);
  expect(getExperiment(services.context, id).name).toBe("night");
});

test("what runs belong to stays; the rest goes after its days, with the files that nothing else names", async () => {
  const kept = await upload("kept");
  const { id: experimentId } = await createExperiment(services.context, { name: "night" });
  const run = await startRun(services.context, { versionId: kept.version.id, experimentId });
  const gone = await uploadWith("gone", "print(2)");
  await deletePipeline(services.context, kept.pipeline.id);
  await deletePipeline(services.context, gone.pipeline.id);
  await deleteExperiment(services.context, experimentId);
  expect(inTrash().map(({ name, goesAt }) => [name, goesAt === null])).toEqual(
    expect.arrayContaining([
      [kept.pipeline.name, true],
      [gone.pipeline.name, false],
      ["night", true],
    ]),
  );
  expect(await purgeDefinitions(later(29))).toBe(0);
  expect(await purgeDefinitionNow(services.context, { kind: "pipeline", id: kept.pipeline.id })).toEqual({ gone: 0 });
  expect(existsSync(blobOf("print(2)"))).toBe(true);
  expect(await purgeDefinitions(later(31))).toBe(1);
  expect(existsSync(blobOf("print(2)"))).toBe(false);
  expect(inTrash().map(({ kind }) => kind)).toEqual(["pipeline", "experiment"]);
  sql().exec("update run set deleted_at = 1, purging_at = 1; delete from run_parameter; delete from run");
  expect(run.id).toBeTruthy();
  expect(await purgeDefinitions(later(31))).toBe(2);
  expect(inTrash()).toEqual([]);
});

test("a file that another version names too stays when one of them goes", async () => {
  const one = await uploadWith("one", "print(1)");
  const other = await uploadWith("other", "print(1)");
  await deletePipeline(services.context, one.pipeline.id);
  await purgeDefinitionNow(services.context, { kind: "pipeline", id: one.pipeline.id });
  expect(other.pipeline.id).not.toBe(one.pipeline.id);
  expect(existsSync(blobOf("print(1)"))).toBe(true);
});
