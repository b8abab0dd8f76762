import { describe, expect, it } from "vitest";
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";
import { aStep } from "./testing/graphs";
import { resolveArtifacts, resolveParameters } from "./values";

const nothing = {
  parent: () => undefined,
  output: () => undefined,
  finalStatus: () => undefined,
  fill: (values: ReadonlyMap<string, JsonValue>) => values,
};
const step = (spec: Omit<ParameterSpec, "name">, value?: JsonValue) =>
  aStep("g/train", {
    interface: { parameters: [{ name: "x", ...spec }], artifacts: [], outputParameters: [], outputArtifacts: [] },
    parameters: value === undefined ? [] : [{ name: "x", source: { from: "constant", value } }],
  });
const resolve = (spec: Omit<ParameterSpec, "name">, value?: JsonValue, isGroup = false) =>
  resolveParameters(step(spec, value), isGroup, nothing);

describe("parameters", () => {
  it.each<[JsonValue, string]>([
    [1, "1"],
    [1.5, "1.5"],
    [true, "true"],
    ["a b", "a b"],
    [[1, "a"], '[1,"a"]'],
    [{ a: null }, '{"a":null}'],
  ])("an input of type string takes %j as %s", (value, text) => {
    expect(resolve({ type: "string", required: true }, value)).toEqual({ ok: true, values: { x: text } });
  });

  it.each([
    ["list", "[1]"],
    ["struct", [1]],
    ["integer", "1"],
    ["boolean", 1],
  ] as const)("an input of type %s refuses %j", (type, value) => {
    const resolved = resolve({ type, required: true }, value as JsonValue);
    expect(resolved).toMatchObject({ ok: false, reason: { code: "bad-input", subject: "g/train.x" } });
  });

  it("takes the default for what is absent or null, and leaves out or nulls what is optional", () => {
    expect(resolve({ type: "integer", required: false, default: 3 })).toEqual({ ok: true, values: { x: 3 } });
    expect(resolve({ type: "integer", required: false, default: 3 }, null)).toEqual({ ok: true, values: { x: 3 } });
    expect(resolve({ type: "integer", required: false })).toEqual({ ok: true, values: {} });
    expect(resolve({ type: "integer", required: false }, undefined, true)).toEqual({ ok: true, values: { x: null } });
  });

  it("names the input, the step and the place that has no value", () => {
    const missing = aStep("train", {
      interface: {
        parameters: [{ name: "rows", type: "integer", required: true }],
        artifacts: [],
        outputParameters: [],
        outputArtifacts: [],
      },
      parameters: [{ name: "rows", source: { from: "task", step: "load", output: "count" } }],
    });
    const resolved = resolveParameters(missing, false, nothing);
    expect(resolved).toMatchObject({
      ok: false,
      reason: {
        message:
          'Input "rows" of step "train" is missing: it comes from output "count" of step "load", which was not written. Let that step write it, or make the input optional.',
      },
    });
  });

  it("holds a value to its allowed values", () => {
    expect(resolve({ type: "string", required: true, literals: ["a", "b"] }, "c").ok).toBe(false);
    expect(resolve({ type: "string", required: true, literals: ["a", "b"] }, "b").ok).toBe(true);
  });

  it("keeps a name such as __proto__ as a name", () => {
    const odd = aStep("s", { parameters: [{ name: "__proto__", source: { from: "constant", value: { bad: true } } }] });
    const resolved = resolveParameters(odd, false, nothing);
    expect(resolved.ok && Object.keys(resolved.values)).toEqual(["__proto__"]);
  });
});

describe("artifacts", () => {
  const reader = (optional: boolean) =>
    aStep("read", {
      interface: {
        parameters: [],
        artifacts: [{ name: "data", type: "system.Dataset", optional }],
        outputParameters: [],
        outputArtifacts: [],
      },
      artifacts: [{ name: "data", source: { from: "task", step: "make", output: "out" } }],
    });

  it("come in the order their producer left them", () => {
    const resolved = resolveArtifacts(reader(false), { parent: () => [], output: () => [7, 5] });
    expect(resolved).toEqual({ ok: true, values: { data: [7, 5] } });
  });

  it("may be missing only when optional", () => {
    const none = { parent: () => [], output: () => [] };
    expect(resolveArtifacts(reader(true), none)).toEqual({ ok: true, values: {} });
    expect(resolveArtifacts(reader(false), none)).toMatchObject({ ok: false, reason: { subject: "read.data" } });
  });
});
