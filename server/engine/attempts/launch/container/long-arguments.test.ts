/** Arguments that no command line takes reach Python programs by a file, in every shape that SDKs have written. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attemptBench, container, endOf, refusalOf, step } from "../../testing";
import { excessOf } from "./long-arguments";

let bench: ReturnType<typeof attemptBench>;
let modules: string;

/** Stands for the SDK's runtime: says what it was called with. */
const RUNTIME = `
import json, os, sys
call = dict(zip(sys.argv[1::2], sys.argv[2::2]))
given = json.loads(call["--executor_input"])["inputs"]["parameterValues"]
source = open(call["--component_module_path"]).read() if "--component_module_path" in call else None
print(json.dumps({"source": source, "function": call["--function_to_execute"], "marked": os.environ.get("_KFP_RUNTIME"),
  "length": len(given["big"]), "name": __name__, "main": "executor_main" in sys.argv[0]}))
`;

beforeEach(() => {
  bench = attemptBench();
  modules = join(bench.home, "modules");
  for (const name of ["dsl", "components"]) {
    mkdirSync(join(modules, "kfp", name), { recursive: true });
    writeFileSync(join(modules, "kfp", name, "executor_main.py"), RUNTIME);
  }
});
afterEach(() => bench.close());

const SOURCE = "def f(big):\n    print('é', big)\n";
const RUNS_RUNTIME = (call: string) =>
  `program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n${call} --component_module_path "$program_path/ephemeral_component.py" "$@"\n`;
/** One argument more than the SDK writes: with those alone a component is started by a helper of its own. */
const ARGS = ["--executor_input", "{{$}}", "--function_to_execute", "f", "--more", "x"];
const PRINTS =
  "import json, sys\nprint(json.dumps({'length': len(sys.argv[2]), 'first': sys.argv[1], 'count': len(sys.argv)}))";

function request(command: string[], args: string[], length: number) {
  const { profile } = bench.run;
  return bench.request(step(container({ command, args })), {
    run: { ...bench.run, profile: { ...profile, environment: { PYTHONPATH: modules } } },
    inputs: { parameters: { big: "é".repeat(length) }, artifacts: {} },
  });
}

async function said(command: string[], args: string[], length: number): Promise<unknown> {
  const asked = request(command, args, length);
  const report = await endOf(bench.runner, asked);
  const log = readFileSync(join(bench.directory(asked), "log"), "utf8");
  if (report.code !== 0) throw new Error(log);
  return JSON.parse(log);
}

describe.each([
  ["short", 10],
  ["too long for a command line", 300_000],
])("an input that is %s", (_, length) => {
  it.each<[string, string[], object]>([
    [
      "the runtime",
      ["sh", "-ec", RUNS_RUNTIME("_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main"), SOURCE],
      { source: SOURCE, marked: "true" },
    ],
    [
      "the old runtime",
      ["sh", "-ec", RUNS_RUNTIME("python3 -m kfp.components.executor_main"), SOURCE],
      { source: SOURCE, marked: null },
    ],
    ["the runtime of an image", ["python3", "-m", "kfp.dsl.executor_main"], { source: null, marked: null }],
  ])("reaches %s", async (_shape, command, told) => {
    expect(await said(command, ARGS, length)).toEqual({ ...told, function: "f", length, name: "__main__", main: true });
  });

  const own = ["--big", "{{$.inputs.parameters['big']}}"];
  it.each<[string, string[]]>([
    [
      "a source that a shell starts",
      [
        "sh",
        "-ec",
        'program_path=$(mktemp)\nprintf "%s" "$0" > "$program_path"\npython3 -u "$program_path" "$@"\n',
        PRINTS,
      ],
    ],
    ["a source on the command line", ["python3", "-u", "-c", PRINTS]],
  ])("reaches %s", async (_shape, command) => {
    expect(await said(command, own, length)).toEqual({ first: "--big", length, count: 3 });
  });
});

it("is refused for a program that is not Python, in words", async () => {
  const asked = request(["echo"], ["{{$.inputs.parameters['big']}}"], 300_000);
  const { reason } = await refusalOf(bench.runner.begin(asked, () => undefined));
  expect(reason).toMatchObject({ code: "cannot-start", message: expect.stringContaining("586 KB") });
  expect(existsSync(join(bench.directory(asked), "input.json"))).toBe(false);
});

it("counts bytes, of one argument and of all", () => {
  expect(excessOf(["x".repeat(100_000), "x"])).toBeNull();
  expect(excessOf(["é".repeat(70_000)])).toBe(140_000);
  expect(excessOf(Array.from({ length: 20 }, () => "x".repeat(100_000)))).toBe(2_000_000);
});
