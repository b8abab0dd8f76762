/** Limits of both formats, read as Kubernetes would read them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, StepBody } from "@/pipelines/graph";
import { quantity, stepLimits } from "./limits";
import { aFileBody } from "./planning/testing/graphs";

const container = (resources: { [key: string]: JsonValue }): StepBody => ({
  body: "container",
  image: "i",
  command: [],
  args: [],
  env: [],
  component: "c",
  resources,
});
const file = (resources: { [key: string]: JsonValue }): StepBody => aFileBody({ resources });
const limits = (body: StepBody) =>
  stepLimits(body, (text) => text.replace("{{size}}", "256Mi").replace("{{bad}}", "much"));

describe("a quantity", () => {
  it.each([
    ["512Mi", 536_870_912],
    ["2G", 2e9],
    ["1.5", 1.5],
    [".5Gi", 536_870_912],
    ["100m", 0.1],
    ["1000m", 1],
    ["1e3", 1_000],
    ["12E2", 1_200],
    ["1E", 1e18],
    [" 64k ", 64_000],
    ["+3", 3],
  ])("%s is %d", (text, value) => {
    expect(quantity(text)).toBeCloseTo(value, 9);
  });

  it.each(["", "G", "1g", "1 G", "-1", "1GiB", "1e", "0x10", "NaN", "1e999", "1K"])("%j is none", (text) => {
    expect(quantity(text)).toBeNull();
  });

  it("is a number of at least zero or nothing, for any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = quantity(text);
        expect(value === null || (value >= 0 && Number.isFinite(value))).toBe(true);
      }),
    );
  });
});

describe("the limits of a step", () => {
  it("come from Kubeflow's quantities, else from its numbers of gigabytes", () => {
    expect(limits(container({ resourceMemoryLimit: "{{size}}", memoryLimit: 52, resourceCpuLimit: "1000m" }))).toEqual({
      memoryBytes: 268_435_456,
      cpus: 1,
      problems: [],
    });
    expect(limits(container({ memoryLimit: 0.268435456, cpuLimit: 8 }))).toEqual({
      memoryBytes: 268_435_456,
      cpus: 8,
      problems: [],
    });
    expect(limits(container({ memory_limit: 1, memoryRequest: 9, resource_cpu_limit: "2" }))).toMatchObject({
      memoryBytes: 1e9,
      cpus: 2,
    });
  });

  it("come from Elyra's numbers of gigabytes; what is asked for at least is no limit", () => {
    expect(limits(file({ memory: 4, memory_limit: 2, cpu_limit: 1.5 }))).toEqual({
      memoryBytes: 2e9,
      cpus: 1.5,
      problems: [],
    });
    expect(limits(file({ memory: 4, cpu: 1 }))).toEqual({ memoryBytes: null, cpus: null, problems: [] });
  });

  it("are none where nothing or zero is written, and a problem where it cannot be read", () => {
    for (const resources of [{}, { memoryLimit: 0 }, { resourceMemoryLimit: "0" }, { resourceMemoryLimit: "" }]) {
      expect(limits(container(resources))).toEqual({ memoryBytes: null, cpus: null, problems: [] });
    }
    expect(limits(container({ resourceMemoryLimit: "{{bad}}" })).problems).toEqual([
      'The limit resourceMemoryLimit is "much". Write a quantity such as 512Mi, 2G or 1.5.',
    ]);
    expect(limits({ body: "foreign", what: "x", values: {} })).toMatchObject({ memoryBytes: null });
  });
});
