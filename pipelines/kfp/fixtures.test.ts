/** Every Kubeflow fixture is accepted and drawn, and every invalid one refused, with the counts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GROUP_KINDS, type PipelineGraph } from "../graph";
import { parsePipeline } from "../index";
import { parseKfp } from "./index";
import { startNeeds } from "./start-needs";
import { notApplied, runRefusals } from "./support";

const FIXTURES = process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../shared/fixtures");
const ROOT = join(FIXTURES, "kfp");
const isThere = existsSync(join(ROOT, "index.csv"));
const rows = isThere ? readFileSync(join(ROOT, "index.csv"), "utf8").trim().split("\n").slice(1) : [];
const paths = rows.map((row) => row.slice(0, row.indexOf(",")));
if (!isThere) console.log("kfp fixtures: not found, 132 valid and 3 invalid files left out (set PENSTOCK_FIXTURES)");

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

function graphOf(path: string): PipelineGraph {
  const outcome = parseKfp(textOf(path));
  if (!outcome.ok) throw new Error(`${path}: ${JSON.stringify(outcome.problems)}`);
  return outcome.graph;
}

/** What every part that reads a graph may rely on. */
function brokenPromises(graph: PipelineGraph): string[] {
  const seen = new Set<string>();
  const broken: string[] = [];
  for (const step of graph.steps) {
    if (seen.has(step.path)) broken.push(`${step.path} stands twice`);
    if (step.parent !== null && !seen.has(step.parent)) broken.push(`${step.path} comes before its parent`);
    if (GROUP_KINDS.has(step.kind) !== (step.body.body === "group")) broken.push(`${step.path} is ${step.kind}`);
    seen.add(step.path);
  }
  for (const step of graph.steps) {
    const sources = [...step.parameters, ...step.artifacts].map(({ source }) => source);
    const upstream = sources.flatMap((source) => ("step" in source ? [source.step] : []));
    for (const path of [...step.dependsOn, ...upstream]) {
      const other = graph.steps.find((one) => one.path === path);
      if (other?.parent !== step.parent) broken.push(`${step.path} waits for ${path}`);
    }
    if (upstream.some((path) => !step.dependsOn.includes(path))) broken.push(`${step.path} does not wait for its data`);
    if (new Set(step.dependsOn).size !== step.dependsOn.length) broken.push(`${step.path} waits twice`);
  }
  return broken;
}

describe.runIf(isThere)("fixtures", () => {
  it("accepts every file of the index and keeps its promises", () => {
    const refused: string[] = [];
    const kinds = new Map<string, number>();
    let runnable = 0;
    for (const path of paths) {
      const outcome = parsePipeline({ fileName: path, text: textOf(path) });
      if (!outcome.ok || outcome.format !== "kfp") {
        refused.push(`${path}: ${JSON.stringify(outcome.problems)}`);
        continue;
      }
      expect(brokenPromises(outcome.graph), path).toEqual([]);
      if (runRefusals(outcome.graph).length === 0 && startNeeds(outcome.graph) === null) runnable += 1;
      for (const step of outcome.graph.steps) kinds.set(step.kind, (kinds.get(step.kind) ?? 0) + 1);
    }
    const counts = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ");
    console.log(
      `kfp fixtures: ${paths.length - refused.length} of ${paths.length} accepted, ${runnable} can run anywhere; ${counts}`,
    );
    expect(refused).toEqual([]);
    expect(paths.length).toBe(132);
  });

  it.each([
    ["empty_file.yaml", "no-pipeline", "the whole text"],
    ["invalid_yaml.yaml", "unknown-field", "components_1"],
    ["empty_zip.zip", "no-pipeline", "the whole text"],
  ])("refuses invalid/%s", (name, rule, place) => {
    const outcome = parsePipeline({ fileName: name, text: textOf(`invalid/${name}`) });
    expect(outcome.ok ? [] : outcome.problems).toMatchObject([{ rule, place, severity: "error", stage: "upload" }]);
  });

  it("draws nested graphs, loops, conditions and exit handlers as such", () => {
    const nested = graphOf("valid/parallel_and_nested/pipeline_in_pipeline.yaml");
    expect(nested.steps.map((step) => [step.path, step.kind])).toContainEqual([
      "inner-pipeline/print-op1",
      "container",
    ]);
    const loops = graphOf("valid/pipeline_with_loops_and_conditions.yaml").steps;
    expect(new Set(loops.map((step) => step.kind))).toEqual(new Set(["container", "condition", "loop"]));
    const exit = graphOf("valid/failing/pipeline_with_exit_handler.yaml").steps;
    expect(exit.find((step) => step.kind === "exit-handler")?.path).toBe("exit-handler-1");
    expect(exit.find((step) => step.trigger === "completed")?.dependsOn).toEqual(["exit-handler-1"]);
  });

  it("reads the values of constants, defaults, literals and retries", () => {
    const graph = graphOf("valid/critical/add_numbers.yaml");
    expect(graph.parameters.map(({ name, type }) => [name, type])).toEqual([
      ["a", "integer"],
      ["b", "integer"],
    ]);
    const literal = graphOf("test/frontend-integration-test/literal-input.yaml").parameters;
    expect(literal.some((spec) => (spec.literals?.length ?? 0) > 0)).toBe(true);
    const retried = graphOf("valid/critical/pipeline_with_retry.yaml").steps.find((step) => step.retry !== undefined);
    expect(retried?.retry).toMatchObject({ backoffFactor: 2, backoffMaxMs: 3_600_000 });
    const limited = graphOf("valid/pipeline_with_parallelfor_parallelism.yaml").steps;
    expect(limited.some((step) => (step.loop?.parallelism ?? 0) > 0)).toBe(true);
  });

  it("attaches the platform document to its steps", () => {
    const [step] = graphOf("kubernetes_platform/python/test/snapshot/data/timeout.yaml").steps;
    expect(step?.timeoutMs).toBe(20_000);
    const mounts = graphOf("kubernetes_platform/python/test/snapshot/data/empty_dir_mounts.yaml");
    expect(startNeeds(mounts)?.mounts).toMatchObject([{ setting: "emptyDirMounts", step: { path: "comp" } }]);
    const affinity = graphOf("kubernetes_platform/python/test/snapshot/data/nodeaffinity.yaml");
    expect(notApplied(affinity).map((one) => one.rule)).toContain("platform-nodeAffinity");
    expect(graphOf("valid/critical/pipeline_with_importer_workspace.yaml").workspace).toEqual({ size: "1Gi" });
  });
});
