/** The profile of a pipeline: taken by whatever names none, never by a run that exists, and told when it is gone. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { removeProfile } from "../profiles/remove-profile";
import { saveProfile } from "../profiles/save-profile";
import { createRecurringRun } from "../recurring-runs/create-recurring-run";
import { runNow } from "../recurring-runs/run-now";
import { getRun } from "../runs/get-run";
import { previewRun } from "../runs/preview-run";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { getPipeline } from "./get-pipeline";
import { getVersion } from "./get-version";
import { updatePipeline } from "./update-pipeline";

let services: TestServices;
let versionId: string;
let pipelineId: string;
beforeEach(async () => {
  services = testServices();
  const { context } = services;
  const stored = await storeUpload(context, { files: [services.receive("p.json", kfpSpec("p"))] });
  versionId = stored.version.id;
  pipelineId = stored.pipeline.id;
  for (const name of ["gpu", "other"]) await saveProfile(context, { name, graceMs: 1_234 });
});
afterEach(() => services.close());

const set = (profile: string | null) => updatePipeline(services.context, { id: pipelineId, profile });
const start = (profile?: string) => startRun(services.context, { versionId, profile });

it("is that of runs which name none; those that exist keep theirs", async () => {
  const before = await start();
  expect((await set("gpu")).profile).toBe("gpu");
  const after = await start();
  expect([before.profile, after.profile, (await start("other")).profile]).toEqual(["local", "gpu", "other"]);
  expect(getRun(services.context, after.id).profileSettings?.graceMs).toBe(1_234);
  await set(null);
  expect([(await start()).profile, getRun(services.context, after.id).profile]).toEqual(["local", "gpu"]);
});

it("is that of recurring runs at each of their moments, and of the preview", async () => {
  const { context } = services;
  const trigger = { kind: "interval", seconds: 86_400 };
  const { id } = await createRecurringRun(
    context,
    CreateRecurringRunInput.parse({ name: "nightly", pipelineId, trigger }),
  );
  await set("gpu");
  expect((await runNow(context, id)).profile).toBe("gpu");
  expect((await previewRun(context, { versionId })).refusals).toEqual([]);
});

it("that no profile has is not taken", async () => {
  await expect(set("nobody")).rejects.toThrow("There is no profile named nobody.");
  expect(getPipeline(services.context, pipelineId).profile).toBeNull();
});

it("that was removed since refuses what names none, in words, and nothing else", async () => {
  const { context } = services;
  await set("gpu");
  await removeProfile(context, "gpu");
  const words = "The profile of this pipeline, gpu, is not there any more.";
  await expect(start()).rejects.toThrow(words);
  await expect(previewRun(context, { versionId })).rejects.toThrow(words);
  expect((await start("other")).profile).toBe("other");
  expect(getVersion(context, { id: pipelineId }).refusals).toEqual([]);
  expect(getPipeline(context, pipelineId).profile).toBe("gpu");
});
