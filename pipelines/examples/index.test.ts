/** The bundled examples parse without a word of complaint, and their steps really do what they say. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveNeeds } from "../elyra/bundle";
import type { JsonValue, ParameterSource, PipelineGraph, Step } from "../graph";
import { parsePipeline } from "../index";
import { EXAMPLES, type Example } from "./index";

const home = mkdtempSync(join(tmpdir(), "examples-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function graphOf(example: Example): PipelineGraph {
  const text = readFileSync(join(import.meta.dirname, example.id, example.pipeline), "utf8");
  const outcome = parsePipeline({ fileName: example.pipeline, text });
  expect(outcome.problems).toEqual([]);
  if (!outcome.ok) throw new Error(`${example.id} is refused`);
  return outcome.graph;
}

function exampleCalled(id: string): Example {
  const example = EXAMPLES.find((one) => one.id === id);
  if (example === undefined) throw new Error(`no example ${id}`);
  return example;
}

function call(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): string {
  const env = { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, ...options.env };
  const done = spawnSync(command, args, { cwd: options.cwd, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}

describe("examples", () => {
  it.for(EXAMPLES)("$id parses without a problem and has all its files", (example) => {
    const graph = graphOf(example);
    expect(graph.name).toBe(example.id);
    expect(graph.parameters.every((parameter) => parameter.default !== undefined)).toBe(true);
    const folder = join(import.meta.dirname, example.id);
    expect([...readdirSync(folder)].filter((name) => name !== "__pycache__").sort()).toEqual([...example.files].sort());
    expect(resolveNeeds(graph, example.files).missing).toEqual([]);
    for (const step of graph.steps) {
      if (step.body.body === "container") expect(["sh", "python3"]).toContain(step.body.command[0]);
    }
  });

  it("flower-classifier: its scripts hand on their files and end with metrics and a report", {
    timeout: 60_000,
  }, () => {
    const example = exampleCalled("flower-classifier");
    const folder = join(home, example.id);
    mkdirSync(folder);
    for (const file of example.files)
      writeFileSync(join(folder, file), readFileSync(join(import.meta.dirname, example.id, file)));
    const values: Record<string, string> = { seed: "7", learning_rate: "0.05", epochs: "20" };
    for (const step of graphOf(example).steps) {
      if (step.body.body !== "file") throw new Error("not a file step");
      const env = Object.fromEntries(step.body.parameterEnv.map((name) => [name, values[name] ?? ""]));
      call("python3", [step.body.file], { cwd: folder, env });
      for (const output of step.body.outputs) expect(existsSync(join(folder, output))).toBe(true);
    }
    const { metrics } = JSON.parse(readFileSync(join(folder, "mlpipeline-metrics.json"), "utf8"));
    expect(metrics[0]).toMatchObject({ name: "accuracy", format: "PERCENTAGE" });
    expect(metrics[0].numberValue).toBeGreaterThan(0.8);
  });

  it("hello-shell: a card for the name given", { timeout: 60_000 }, () => {
    const results = walk(graphOf(exampleCalled("hello-shell")), { name: "Ada; echo $HOME", times: 1 });
    expect(readFileSync(results.outputs.get("card") ?? "", "utf8")).toContain(
      "# A card for Ada; echo $HOME\n\nHELLO, ADA; ECHO $HOME!",
    );
  });

  it("nightly-report: colours, a progress bar, a page and metrics", { timeout: 60_000 }, () => {
    const results = walk(graphOf(exampleCalled("nightly-report")), { shops: ["One", "Two"] });
    expect(results.log).toContain("\u001b[36mshop 1/2");
    expect(results.log).toContain("\r[");
    expect(readFileSync(results.outputs.get("page") ?? "", "utf8")).toContain("<h1>Sales of 2024-05-01</h1>");
    expect(results.log).toMatch(/turnover +\d+\.\d+/);
  });
});

/** What a step left behind: text of an output parameter, or path of an output artifact, by `step/output`. */
interface Results {
  readonly outputs: Map<string, string>;
  log: string;
}

/** Runs the container steps of a graph one after the other, in the simplest way that follows its bindings. */
function walk(graph: PipelineGraph, given: Record<string, JsonValue>): Results {
  const root = mkdtempSync(join(home, "walk-"));
  const left = new Map<string, string>();
  const results: Results = { outputs: left, log: "" };
  const byPath = new Map(graph.steps.map((step) => [step.path, step]));
  const inputs = new Map<string, Map<string, string>>();
  const text = (value: JsonValue) => (typeof value === "string" ? value : JSON.stringify(value));
  const defaults = graph.parameters.map((one) => [one.name, text(given[one.name] ?? one.default ?? "")] as const);
  inputs.set("", new Map(defaults));

  function resolve(step: Step, source: ParameterSource): string {
    if (source.from === "constant") return text(source.value);
    if (source.from === "parent") return inputs.get(step.parent ?? "")?.get(source.input) ?? "";
    if (source.from === "task") return produced(source.step, source.output);
    throw new Error("no final status here");
  }

  function produced(path: string, output: string): string {
    const body = byPath.get(path)?.body;
    if (body?.body !== "group") return left.get(`${path}/${output}`) ?? "";
    const from = [...body.outputParameters, ...body.outputArtifacts].find((one) => one.name === output)?.sources[0];
    return from === undefined ? "" : produced(from.step, from.output);
  }

  const waiting = [...graph.steps];
  const settled = new Set<string>();
  for (let rounds = 0; waiting.length > 0 && rounds < 100; rounds += 1) {
    for (const step of [...waiting]) {
      const parent = step.parent === null ? undefined : byPath.get(step.parent);
      const isReady = [...step.dependsOn, ...(parent?.dependsOn ?? [])].every((path) => settled.has(path));
      const isHeld = graph.steps.some((inner) => inner.parent === step.path && !settled.has(inner.path));
      const own = new Map([...step.parameters, ...step.artifacts].map((one) => [one.name, one.source]));
      if (isReady) inputs.set(step.path, new Map([...own].map(([name, source]) => [name, resolve(step, source)])));
      if (!isReady || isHeld) continue;
      runContainer(step, inputs.get(step.path) ?? new Map());
      settled.add(step.path);
      waiting.splice(waiting.indexOf(step), 1);
    }
  }
  expect(waiting).toEqual([]);
  for (const output of [...graph.outputs.parameters, ...graph.outputs.artifacts]) {
    const from = output.sources[0];
    if (from !== undefined) left.set(output.name, produced(from.step, from.output));
  }
  return results;

  function runContainer(step: Step, values: ReadonlyMap<string, string>): void {
    if (step.body.body !== "container") return;
    const folder = join(root, encodeURIComponent(step.path));
    mkdirSync(folder);
    const files = [...step.interface.outputParameters, ...step.interface.outputArtifacts].map((one) => one.name);
    const whole = {
      inputs: {
        parameterValues: Object.fromEntries(
          step.interface.parameters.map((one) => [
            one.name,
            one.type === "string" ? values.get(one.name) : JSON.parse(values.get(one.name) ?? "null"),
          ]),
        ),
      },
      outputs: {
        artifacts: Object.fromEntries(files.map((name) => [name, { artifacts: [{ name, metadata: {} }] }])),
        outputFile: join(folder, "result.json"),
      },
    };
    const fill = (argument: string) =>
      argument
        .replace(
          /\{\{\$\.inputs\.(?:parameters|artifacts)\['([^']+)'\](?:\.path)?\}\}/g,
          (_, name) => values.get(name) ?? "",
        )
        .replace(/\{\{\$\.outputs\.\w+\['([^']+)'\]\.(?:path|output_file)\}\}/g, (_, name) =>
          join(folder, "made", name),
        )
        .replaceAll("{{$}}", JSON.stringify(whole));
    const [command = "", ...args] = [...step.body.command, ...step.body.args].map(fill);
    results.log += call(command, args, { cwd: folder });
    for (const name of files) {
      const path = join(folder, "made", name);
      const isParameter = step.interface.outputParameters.some((one) => one.name === name);
      if (existsSync(path)) left.set(`${step.path}/${name}`, isParameter ? readFileSync(path, "utf8") : path);
    }
  }
}
