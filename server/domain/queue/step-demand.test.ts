/** What a step counts for: its own limits, placeholders filled, else its profile's. */
import { expect, it } from "vitest";
import type { StepBody } from "@/pipelines/graph";
import { aStep } from "../planning/testing/graphs";
import { stepDemand } from "./step-demand";

const body = (resources: { readonly [key: string]: string }): StepBody =>
  ({ ...aStep("a").body, resources }) as StepBody;
const NONE = { limits: {} };

it("is what the step names, else what its profile gives", () => {
  expect(stepDemand(body({}), {}, NONE)).toEqual({ cpus: null, memoryBytes: null });
  expect(stepDemand(body({}), {}, { limits: { cpus: 2, memoryBytes: 5 } })).toEqual({ cpus: 2, memoryBytes: 5 });
  const named = body({ resourceCpuLimit: "500m", resourceMemoryLimit: "1Gi" });
  expect(stepDemand(named, {}, { limits: { cpus: 2 } })).toEqual({ cpus: 0.5, memoryBytes: 2 ** 30 });
});

it("fills placeholders from the inputs; what cannot be read counts as nothing", () => {
  const asked = body({ resourceCpuLimit: "{{$.inputs.parameters['cpus']}}" });
  expect(stepDemand(asked, { cpus: "3" }, NONE).cpus).toBe(3);
  expect(stepDemand(asked, {}, NONE).cpus).toBeNull();
  expect(stepDemand(asked, { cpus: "many" }, NONE).cpus).toBeNull();
});
