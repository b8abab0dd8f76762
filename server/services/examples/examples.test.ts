import { afterEach, beforeEach, expect, test } from "vitest";
import { EXAMPLES } from "@/pipelines/examples";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { installExample, listExamples } from "./examples";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

test.each(EXAMPLES.map((example) => example.id))("%s is installed once, runnable, and starts as it is", async (id) => {
  const first = await installExample(services.context, id);
  expect(first.version).toMatchObject({ number: 1, state: "runnable" });
  const again = await installExample(services.context, id);
  expect(again).toMatchObject({ unchanged: true, pipeline: { id: first.pipeline.id } });
  expect(listExamples(services.context).find((example) => example.id === id)?.pipelineId).toBe(first.pipeline.id);
  await startRun(services.context, { versionId: first.version.id });
});

test("an example that is not there is named", async () => {
  await expect(installExample(services.context, "../x")).rejects.toMatchObject({ code: "not-found" });
});
