import { expect, test } from "vitest";
import { goneArtifact, type StoredArtifact } from "./stored-result";

const model: StoredArtifact = { output: "model", name: "model", path: "m", size: 3, digest: "d", isDirectory: false };

test.each([
  ["as it was", model, { size: 3, isDirectory: false }, null],
  ["deleted", model, undefined, "model"],
  ["of another size", model, { size: 4, isDirectory: false }, "model"],
  ["a folder now", model, { size: 3, isDirectory: true }, "model"],
  ["a folder, whose own size says nothing", { ...model, isDirectory: true }, { size: 4096, isDirectory: true }, null],
  ["elsewhere", { ...model, path: null }, undefined, null],
  ["without content", { ...model, digest: null, size: null }, undefined, null],
])("an artifact that is %s", (_, artifact, found, gone) => {
  expect(goneArtifact([artifact], () => found)).toBe(gone);
});
