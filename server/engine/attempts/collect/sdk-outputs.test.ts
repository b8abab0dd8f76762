/** What the Python SDK really writes: classification metrics with their infinite threshold, places of their own, nothing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { parsePipeline } from "@/pipelines";
import type { StepInterface } from "@/pipelines/graph";
import { readClassification } from "@/server/domain/display/classification";
import { StartRefusal } from "../contract";
import { attemptBench, outcomeOf, step } from "../testing";

const FIXTURES = process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../../../shared/fixtures");
/** A component of the SDK whose wrapper the tests keep, with their own source in it. */
const FIXTURE = "kfp/valid/output_metrics.yaml";
const SLOW = { timeout: 240_000 };

let bench: ReturnType<typeof attemptBench>;

beforeAll(() => {
  bench = attemptBench();
});
afterAll(() => bench.close());

/** Runs a component with this signature and body; without fixtures or an index the test is left out with the reason. */
async function ran(
  context: TestContext,
  signature: string,
  lines: readonly string[],
  declared: Partial<StepInterface>,
) {
  const path = join(FIXTURES, FIXTURE);
  if (!existsSync(path)) context.skip(`no fixtures at ${FIXTURES}`);
  const parsed = parsePipeline({ fileName: FIXTURE, text: readFileSync(path, "utf8") });
  const body = parsed.ok ? parsed.graph.steps.find((one) => one.body.body === "container")?.body : undefined;
  if (body?.body !== "container") throw new Error(`no container step in ${FIXTURE}`);
  const imports = "from kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *";
  const source = `\n${imports}\n\ndef made(${signature}:\n${lines.map((line) => `    ${line}`).join("\n")}\n`;
  const command = [...body.command.slice(0, -1), source];
  const args = body.args.map((word) => (word === "output_metrics" ? "made" : word));
  const request = bench.request(step({ ...body, command, args }, declared));
  try {
    const outcome = await outcomeOf(bench.runner, request);
    const log = readFileSync(join(bench.directory(request), "log"), "utf8");
    return { outcome, out: join(bench.directory(request), "out"), log };
  } catch (error) {
    if (error instanceof StartRefusal && error.reason.code === "environment-failed") {
      context.skip(`no package index: ${error.message.slice(0, 300)}`);
    }
    throw error;
  }
}

it("a ROC curve with the infinite threshold of scikit-learn, and a confusion matrix", SLOW, async (context) => {
  const { outcome, log } = await ran(
    context,
    "m: Output[ClassificationMetrics], plain: Output[Metrics])",
    [
      "m.log_roc_curve([0.0, 0.5, 1.0], [0.0, 0.9, 1.0], [float('inf'), 0.5, 0.1])",
      "m.log_confusion_matrix(['a', 'b'], [[5, 1], [0, 4]])",
      "plain.log_metric('auc', 0.9)",
      "plain.metadata['note'] = 'kept'",
    ],
    {
      outputArtifacts: [
        { name: "m", type: "system.ClassificationMetrics" },
        { name: "plain", type: "system.Metrics" },
      ],
    },
  );
  expect(outcome, log).toMatchObject({ state: "succeeded", collected: { warnings: [] } });
  expect(outcome.collected?.metrics).toEqual([{ name: "auc", value: 0.9, format: "raw" }]);
  const [curve, plain] = outcome.collected?.artifacts ?? [];
  expect(plain?.metadata).toEqual({ auc: 0.9, note: "kept" });
  const { roc, confusionMatrix, problems } = readClassification(curve?.metadata ?? {});
  expect(problems).toEqual([]);
  expect(roc?.map(({ threshold }) => threshold)).toEqual([Number.POSITIVE_INFINITY, 0.5, 0.1]);
  expect(confusionMatrix).toEqual({
    labels: ["a", "b"],
    counts: [
      [5, 1],
      [0, 4],
    ],
  });
});

it("artifacts at places of their own, here and elsewhere", SLOW, async (context) => {
  const { outcome, out, log } = await ran(
    context,
    "own: Output[Model], far: Output[Model])",
    [
      "own.uri = dsl.get_uri(suffix='model.bin')",
      "open(own.path, 'w').write('weights')",
      "far.uri = 'gs://bucket/model'",
    ],
    {
      outputArtifacts: [
        { name: "own", type: "system.Model" },
        { name: "far", type: "system.Model" },
      ],
    },
  );
  expect(outcome, log).toMatchObject({ state: "succeeded" });
  const shown = outcome.collected?.artifacts.map(({ output, position, path, size }) => [output, position, path, size]);
  expect(shown).toEqual([
    ["own", 0, join(out, "model.bin"), 7],
    ["far", 0, null, null],
  ]);
});

it("an output path that was never written is absent with a warning", SLOW, async (context) => {
  const { outcome, log } = await ran(
    context,
    "some: OutputPath(int), none: OutputPath(str))",
    ["open(some, 'w').write('3')"],
    {
      outputParameters: [
        { name: "some", type: "integer" },
        { name: "none", type: "string" },
      ],
    },
  );
  expect(outcome, log).toMatchObject({
    state: "succeeded",
    collected: { parameters: { some: 3 }, warnings: ['The step wrote no value for the output "none".'] },
  });
});
