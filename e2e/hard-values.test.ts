/** Values that are not what a pipeline counts on, through the built server: each ends its step in words, and nothing else. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type HardServer, hardServer, isBuilt } from "./support/hard-server";
import { alone, from, group, type Part, parent, pipeline, shell, task, when } from "./support/shell-specs";

if (!isBuilt) console.log("Hard values: left out, because nothing is built (npm run build)");

const say = (value: string, type = "STRING"): Part => shell(`printf %s '${value}' > "$1"`, { out: { said: type } });
const hear = (type = "STRING"): Part => shell('printf "heard %s" "$1"', { in: { heard: type } });
const heard = { after: ["say"], parameters: { heard: from("say", "said") } };

describe.runIf(isBuilt)("a value that is not what the pipeline counts on", () => {
  let hard: HardServer;
  beforeAll(async () => {
    hard = await hardServer();
  });
  afterEach(() => hard.expectWell());
  afterAll(() => hard?.server.remove());

  test.each([
    ["text", "STRING", "apple", 'text, not a list: "apple"'],
    ["a number", "NUMBER_INTEGER", "7", "a number, not a list: 7"],
    ["a struct", "STRUCT", '{"a": 1}', 'a struct, not a list: {"a":1}'],
    ["half a list", "STRING", "[1, 2", 'text, not a list: "[1, 2" (line 1, column 6: Expected'],
  ])("a loop over %s fails with what it was given", async (_what, type, value, words) => {
    const over = { parameterIterator: { itemInput: "item", items: { inputParameter: "list" } } };
    const parts = {
      say: say(value, type),
      body: group(
        { hear: task("hear", { parameters: { heard: parent("item") } }) },
        { in: { list: type, item: "STRING" } },
      ),
      hear: hear(),
    };
    const loop = task("body", { after: ["say"], parameters: { list: from("say", "said") }, more: over });
    const run = await hard.run(pipeline("loop", parts, { say: task("say"), loop }));
    expect(run.state).toBe("failed");
    expect(hard.task(run, "loop")).toMatchObject({ state: "failed", reason: { code: "bad-input", subject: "list" } });
    expect(run.reason?.message).toContain(`goes over its input "list", which holds ${words}`);
    expect(run.reason?.message).toMatch(/ Give it a list as JSON, such as \["a", "b"\]\.$/);
    expect(run.tasks).toHaveLength(2);
  });

  test("a condition over an output that was not written fails, and names the step that owes it", async () => {
    const parts = {
      say: shell("true", { out: { said: "STRING" } }),
      gate: group({ hear: task("hear", { parameters: { heard: parent("said") } }) }, { in: { said: "STRING" } }),
      hear: hear(),
    };
    const more = when("inputs.parameter_values['said'] == 'yes'");
    const gate = task("gate", { after: ["say"], parameters: { said: from("say", "said") }, more });
    const run = await hard.run(pipeline("condition", parts, { say: task("say"), gate }));
    expect([run.state, hard.task(run, "say").state]).toEqual(["failed", "succeeded"]);
    expect(hard.task(run, "gate").reason).toEqual({
      code: "missing-input",
      message:
        'Input "said" of step "gate" is missing: it comes from output "said" of step "say", which was not written. Let that step write it, or make the input optional.',
      subject: "gate.said",
    });
    expect(run.notices).toMatchObject([{ step: "say", message: 'The step wrote no value for the output "said".' }]);
  });

  const RESULT_FILE = '"$(dirname "$(dirname "$1")")/executor_output.json"';
  test.each([
    ["a list that is no JSON", "LIST", 'echo "[1, 2" > "$1"', /declared as list.* expected a JSON list, found "\[1, 2/],
    [
      "a number that is text",
      "NUMBER_INTEGER",
      'echo many > "$1"',
      /declared as integer.* found "many.* as a string\.$/,
    ],
    [
      "no JSON as its result file",
      "LIST",
      `echo "{broken" > ${RESULT_FILE}`,
      /is no JSON: line 1, column 2.* JSON library/,
    ],
    [
      "half a result file",
      "LIST",
      `printf '{"parameterValues": {"said": [1' > ${RESULT_FILE}`,
      /is no JSON: line 1, column 32/,
    ],
    ["a list as its result file", "LIST", `echo "[]" > ${RESULT_FILE}`, /is no JSON object\. Let the step write/],
  ])("a step that leaves %s fails", async (_what, type, script, words) => {
    const run = await hard.run(alone("written", shell(script, { out: { said: type } })));
    expect(run.state).toBe("failed");
    expect(hard.task(run, "step")).toMatchObject({ state: "failed", reason: { code: "bad-output" } });
    expect(run.reason?.message).toMatch(words);
    expect((await hard.whole(hard.task(run, "step"))).outputs.parameters).toEqual({});
  });

  test("a parameter of 1 MB passes whole to Python; a shell and a larger one are told the limit", async () => {
    const make = (bytes: number) =>
      shell(`head -c ${bytes} /dev/zero | tr '\\0' x > "$1"`, { out: { said: "STRING" } });
    const count = "import sys; print(len(sys.argv[1]), set(sys.argv[1]))";
    const python: Part = {
      component: { inputDefinitions: { parameters: { heard: { parameterType: "STRING" } } } },
      executor: {
        container: { image: "any", command: ["python3", "-c", count], args: ["{{$.inputs.parameters['heard']}}"] },
      },
    };
    const spec = (bytes: number, part: Part) =>
      pipeline("large", { say: make(bytes), hear: part }, { say: task("say"), hear: task("hear", heard) });
    const passed = await hard.run(spec(1_000_000, python));
    expect(passed.state).toBe("succeeded");
    expect(hard.log(passed, "hear")).toBe("1000000 {'x'}\n");
    const forShell = await hard.run(spec(1_000_000, hear()));
    expect(forShell.state).toBe("failed");
    expect(forShell.reason?.message).toMatch(
      /arguments of the step are too long.* one may have 128 KB.* as artifacts\.$/,
    );
    const beyond = await hard.run(spec(1_100_000, python));
    expect(hard.task(beyond, "say").reason).toMatchObject({ code: "too-large", subject: "said" });
    expect(beyond.reason?.message).toContain("has 1.1 MB; 1.05 MB are allowed. Make it smaller, or raise the setting");
  });

  test("a selector on a key that is not there fails with the value it was asked of", async () => {
    const picked = { ...from("say", "said"), parameterExpressionSelector: 'parseJson(string_value)["b"]' };
    const parts = { say: say('{"a": 1}', "STRUCT"), hear: hear() };
    const tasks = { say: task("say"), hear: task("hear", { after: ["say"], parameters: { heard: picked } }) };
    const run = await hard.run(pipeline("selector", parts, tasks));
    expect(run.state).toBe("failed");
    expect(hard.task(run, "hear").reason?.message).toBe(
      'Input "heard" of step "hear": nothing is found by the selector parseJson(string_value)["b"] in {"a":1}.',
    );
  });

  const looped = (name: string): string => {
    const part = shell(`printf %s "$1" | tee "$2"`, { in: { [name]: "STRING" }, out: { [name]: "STRING" } });
    const more = when(`inputs.parameter_values['${name}'] != 'a'`);
    const body = group(
      { [name]: task("hear", { parameters: { [name]: parent(name) }, more }) },
      { in: { [name]: "STRING" } },
    );
    const loop = { parameterIterator: { itemInput: name, items: { raw: '["a", "b"]' } } };
    return pipeline("names", { body, hear: part }, { [name]: task("body", { more: loop }) });
  };

  test.each(["toString", "hasOwnProperty", "then", "length"])(
    "%s is a name like others for steps, inputs and loops",
    async (name) => {
      const run = await hard.run(looped(name));
      expect(run.state).toBe("succeeded");
      expect(hard.log(run, `${name}/[1]/${name}`)).toBe("b");
      expect(hard.task(run, `${name}/[0]/${name}`).state).toBe("skipped");
      const whole = await hard.whole(hard.task(run, `${name}/[1]/${name}`));
      expect(Object.entries(whole.outputs.parameters)).toEqual([[name, "b"]]);
    },
  );

  test("a column of data may be called constructor, also in a loop over it", async () => {
    const teams = '[{"constructor": "Ferrari"}, {"constructor": "McLaren"}]';
    const over = { parameterIterator: { itemInput: "item", items: { inputParameter: "list" } } };
    const picked = { ...parent("item"), parameterExpressionSelector: 'parseJson(string_value)["constructor"]' };
    for (const type of ["LIST", "STRING"]) {
      const parts = {
        say: say(teams, type),
        body: group({ hear: task("hear", { parameters: { heard: picked } }) }, { in: { list: type, item: "STRUCT" } }),
        hear: hear(),
      };
      const loop = task("body", { after: ["say"], parameters: { list: from("say", "said") }, more: over });
      const run = await hard.run(pipeline("columns", parts, { say: task("say"), loop }));
      expect(run.state).toBe("succeeded");
      expect(hard.log(run, "loop/[1]/hear")).toBe("heard McLaren");
    }
  });

  test("__proto__ is no name, and as a key of a value it is refused where it is read", async () => {
    expect(await hard.refusal(hard.version(looped("__proto__")))).toMatch(
      /"place":"line 1, column \d+","message":"The key \\"__proto__\\" is not allowed\. Rename it\."/,
    );
    const run = await hard.run(
      alone("key", shell(`printf '{"__proto__": {"x": 1}}' > "$1"`, { out: { said: "STRUCT" } })),
    );
    expect([run.state, hard.task(run, "step").reason?.code]).toEqual(["failed", "bad-output"]);
    expect(run.reason?.message).toContain('(line 1, column 2: The key "__proto__" is not allowed. Rename it)');
  });

  test.each(["../../../escape", "a/b", "/etc", "[0]", "a%2Fb", "x".repeat(300)])(
    "a step with the key %s works in its own folder",
    async (key) => {
      const run = await hard.run(pipeline("keys", { hear: shell("pwd") }, { [key]: task("hear") }));
      expect(run.state).toBe("succeeded");
      const [only] = run.tasks;
      expect(decodeURIComponent(only?.step ?? "")).toBe(key);
      expect(hard.log(run, only?.step ?? "")).toMatch(
        new RegExp(`^${hard.server.files.runs}/\\d+/${only?.id}/1/work\n$`),
      );
    },
  );

  test.each([".", ".."])("a step with the key %s is refused at upload", async (key) => {
    const words = await hard.refusal(hard.version(pipeline("keys", { hear: shell("pwd") }, { [key]: task("hear") })));
    expect(words).toContain(`\\"${key}\\" cannot be a name. Rename it.`);
  });
});
