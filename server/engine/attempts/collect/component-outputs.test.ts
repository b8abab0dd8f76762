/** Custom components with real commands: literals as files, and outputs that have to be there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { attemptBench, container, outcomeOf, step } from "../testing";

let bench: ReturnType<typeof attemptBench>;
beforeEach(() => {
  bench = attemptBench();
});
afterEach(() => bench.close());

const DATA = { name: "data", type: "system.Artifact" };

function run(script: string, changes: Parameters<typeof container>[0] = {}) {
  const outputs = { outputArtifacts: [DATA], outputParameters: [{ name: "count", type: "string" as const }] };
  const words = ["sh", "-c", script, "{{$.outputs.artifacts['data'].path}}"];
  const subject = step(container({ command: words, ...changes }), outputs);
  const inputs = { parameters: { text: "it's\n$(id)" }, artifacts: {} };
  const request = bench.request(subject, { run: { ...bench.run, format: "elyra" }, inputs });
  return { request, outcome: outcomeOf(bench.runner, request) };
}

it("fails where an output that was asked for is not written, and not for one that nobody asked for", async () => {
  expect(await run("echo x > $0").outcome).toMatchObject({ state: "succeeded" });
  expect(await run("true").outcome).toMatchObject({
    state: "failed",
    reason: { code: "bad-output", subject: "data", message: expect.stringContaining("did not write its output data") },
  });
  expect(await run("mkdir $0; echo 1 > $0/a").outcome).toMatchObject({ state: "succeeded" });
});

it("writes a literal that is read from a file, and gives its place", async () => {
  const args = ["{{$.inputs.parameters['text'].path}}"];
  const { request, outcome } = run('cat "$1" > $0', { args, inputFiles: ["text"] });
  expect(await outcome).toMatchObject({ state: "succeeded" });
  expect(readFileSync(join(bench.directory(request), "out", "artifacts", "data"), "utf8")).toBe("it's\n$(id)");
});
