/** Container steps as processes: every placeholder on a real command line, the platform's variables, profile and workspace. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonValue, Step } from "@/pipelines/graph";
import { attemptBench, container, endOf, givenVault, refusalOf, step } from "../../testing";

let bench: ReturnType<typeof attemptBench>;
beforeEach(() => {
  bench = attemptBench({
    vault: givenVault({
      secrets: { db: { password: "p w\n$(X)", user: "me" } },
      configMaps: { limits: { rows: "10" } },
    }),
  });
});
afterEach(() => bench.close());

const PRINT = ["sh", "-c", 'for word; do printf "%s\\n" "[$word]"; done', "sh"];
const INPUTS = {
  parameters: { text: "a \"b\" {{$.inputs.parameters['count']}}", count: 3, list: [1, "x"], "dotted.name": "d" },
  artifacts: {
    data: [
      { key: 1, name: "rows", type: "system.Dataset", uri: "gs://b/k", path: "/tmp/rows", metadata: { n: 2 }, size: 1 },
    ],
    far: [{ key: 2, name: "far", type: "system.Model", uri: "s3://b/m", path: null, metadata: {}, size: null }],
  },
};

/** What a step with these arguments prints, line by line. */
async function printed(args: string[], changes: Partial<Step> = {}): Promise<string[]> {
  const declared = {
    outputParameters: [{ name: "out", type: "string" as const }],
    outputArtifacts: [{ name: "model", type: "system.Model", metadata: { kind: "tree" } }],
  };
  const request = bench.request(
    { ...step(container({ command: PRINT, args }), declared), key: "the-task", ...changes },
    { inputs: INPUTS },
  );
  await endOf(bench.runner, request);
  const log = readFileSync(join(bench.directory(request), "log"), "utf8");
  return log.split("\n").flatMap((line) => /^\[(.*)\]$/.exec(line)?.[1] ?? []);
}

/** The variables that a step gets beside those of every step. */
async function variables(changes: Partial<Step>, env: { name: string; value: string }[] = []) {
  const request = bench.request({ ...step(container({ command: ["env", "-0"], env })), ...changes });
  await endOf(bench.runner, request);
  const log = readFileSync(join(bench.directory(request), "log"), "utf8");
  return Object.fromEntries(log.split("\0").map((line) => line.split(/=(.*)/s)));
}

const platform = (settings: { [key: string]: JsonValue }): Partial<Step> => ({ platform: settings });

describe("placeholders on the command line", () => {
  it.each<[string, string]>([
    ["{{$.inputs.parameters['text']}}", "a \"b\" {{$.inputs.parameters['count']}}"],
    ["n={{$.inputs.parameters['count']}}, {{$.inputs.parameters['list']}}", 'n=3, [1,"x"]'],
    ["{{$.inputs.parameters['dotted.name']}}", "d"],
    ["{{$.inputs.artifacts['data'].uri}} {{$.inputs.artifacts['data'].path}}", "/tmp/rows /tmp/rows"],
    ["{{$.inputs.artifacts['far'].uri}} {{$.inputs.artifacts['far'].path}}", "s3://b/m /s3/b/m"],
    ["{{$.inputs.artifacts['data'].name}} {{$.inputs.artifacts['data'].metadata['n']}}", "rows 2"],
    ["{{$.outputs.artifacts['model'].metadata['kind']}}", "tree"],
    ["{{$.pipeline_job_name}} {{$.pipeline_job_uuid}} {{$.pipeline_job_resource_name}}", "a run run-1 pipe-run-1"],
    ["{{$.pipeline_task_name}}", "the-task"],
    ["{{$.pipeline_job_create_time_utc}}", "2024-02-03T04:05:06.000Z"],
    ["{{$.pipeline_job_schedule_time_utc}}", "2024-02-03T04:05:06.000Z"],
    ["{{$.pipeline_persistent_resource_id}}", "{{$.pipeline_persistent_resource_id}}"],
    ["{{$.inputs.parameters['gone']}}", "{{$.inputs.parameters['gone']}}"],
    [
      '{"Concat": ["a=", "{{$.inputs.parameters[\'count\']}}", "{{$.inputs.artifacts[\'data\'].path}}"]}',
      "a=3/tmp/rows",
    ],
    ['{"IfPresent": {"InputName": "gone", "Then": ["x"], "Else": ["no"]}}', "no"],
  ])("%s", async (word, text) => {
    expect(await printed([word])).toEqual([text]);
  });

  it("name the places of outputs, of the run and of its workspace", async () => {
    const [parameter, uri, path, result, legacy, root, task] = await printed([
      "{{$.outputs.parameters['out'].output_file}}",
      "{{$.outputs.artifacts['model'].uri}}",
      "{{$.outputs.artifacts['model'].path}}",
      "{{$.outputs.output_file}}",
      "{{$.outputMetadataUri}}",
      "{{$.pipeline_root}}",
      "{{$.pipeline_task_uuid}}",
    ]);
    const out = join(bench.folders.attempt(1, Number(task), 1), "out");
    expect([parameter, uri, path]).toEqual([
      join(out, "parameters", "out"),
      join(out, "artifacts", "model"),
      join(out, "artifacts", "model"),
    ]);
    expect([result, legacy]).toEqual([join(out, "executor_output.json"), join(out, "executor_output.json")]);
    expect(root).toBe(bench.folders.run(1));
  });

  it("give the whole input as JSON, a list of artifacts too, and splice or drop arguments", async () => {
    const [whole, list, ...rest] = await printed([
      "{{$}}",
      "{{$.inputs.artifacts['data']}}",
      '{"IfPresent": {"InputName": "count", "Then": ["--count", "{{$.inputs.parameters[\'count\']}}"]}}',
      '{"IfPresent": {"InputName": "gone", "Then": ["--gone"]}}',
      "end",
    ]);
    expect(JSON.parse(whole ?? "")).toMatchObject({ inputs: { parameterValues: INPUTS.parameters } });
    expect(JSON.parse(list ?? "")).toMatchObject([{ name: "rows", uri: "/tmp/rows" }]);
    expect(rest).toEqual(["--count", "3", "end"]);
  });

  it("name the program itself", async () => {
    const body = container({ command: ["{{$.inputs.parameters['program']}}"], args: ["-c", "exit 7"] });
    const request = bench.request(step(body), { inputs: { parameters: { program: "sh" }, artifacts: {} } });
    expect(await endOf(bench.runner, request)).toMatchObject({ code: 7 });
  });

  it("never reach a shell: a value is one word, whatever it holds", async () => {
    const request = bench.request(step(container({ command: [...PRINT, "{{$.inputs.parameters['x']}}"] })), {
      inputs: { parameters: { x: "$(touch hacked); `touch hacked`" }, artifacts: {} },
    });
    await endOf(bench.runner, request);
    expect(existsSync(join(bench.directory(request), "work", "hacked"))).toBe(false);
  });
});

describe("variables of the platform document", () => {
  it("come from secrets and config maps, written or brought by an input", async () => {
    const request = bench.request(
      {
        ...step(container({ command: ["env", "-0"] })),
        ...platform({
          secretAsEnv: [
            {
              secretNameParameter: { taskOutputParameter: { producerTask: "a", outputParameterKey: "o" } },
              keyToEnv: [{ secretKey: "password", envVar: "PASSWORD" }],
            },
            { secretName: "db", keyToEnv: [{ secretKey: "user", envVar: "USER_NAME" }] },
          ],
          configMapAsEnv: [{ configMapName: "limits", keyToEnv: [{ configMapKey: "rows", envVar: "ROWS" }] }],
        }),
      },
      { inputs: { parameters: { "platform:secretAsEnv.0": "db" }, artifacts: {} } },
    );
    await endOf(bench.runner, request);
    const log = readFileSync(join(bench.directory(request), "log"), "utf8").split("\0");
    expect(log).toEqual(expect.arrayContaining(["PASSWORD=p w\n$(X)", "USER_NAME=me", "ROWS=10"]));
    const recorded = readFileSync(join(bench.directory(request), "command.json"), "utf8");
    expect(recorded).not.toContain("p w");
    expect(JSON.parse(recorded)).toMatchObject({ env: { ROWS: "10" } });
  });

  it("can be used by the step's own variables, and win over them", async () => {
    const found = await variables(
      platform({ secretAsEnv: [{ secretName: "db", keyToEnv: [{ secretKey: "user", envVar: "USER_NAME" }] }] }),
      [
        { name: "URL", value: "db://$(USER_NAME)@host/$$(USER_NAME)" },
        { name: "AGAIN", value: "$(URL)?$(UNKNOWN)" },
        { name: "USER_NAME", value: "other" },
      ],
    );
    expect(found).toMatchObject({
      USER_NAME: "me",
      URL: "db://me@host/$(USER_NAME)",
      AGAIN: "db://me@host/$(USER_NAME)?$(UNKNOWN)",
    });
  });

  it("stand for the fields of a pod", async () => {
    const fields = {
      NAME: "metadata.name",
      UID: "metadata.uid",
      SPACE: "metadata.namespace",
      LABEL: "metadata.labels['a/b']",
      NOTE: "metadata.annotations['n']",
      NO_LABEL: "metadata.labels['none']",
      NODE: "spec.nodeName",
      ADDRESS: "status.podIP",
    };
    const found = await variables(
      platform({
        fieldPathAsEnv: Object.entries(fields).map(([name, fieldPath]) => ({ name, fieldPath })),
        podMetadata: { labels: { "a/b": "l" }, annotations: { n: "note" } },
      }),
    );
    expect(found).toMatchObject({
      NAME: expect.stringMatching(/^run-1-\d+-1$/),
      UID: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      SPACE: "default",
      LABEL: "l",
      NOTE: "note",
      NO_LABEL: "",
      NODE: hostname(),
      ADDRESS: "127.0.0.1",
    });
  });

  it.each<[string, JsonValue, string]>([
    ["a secret", { secretName: "gone", keyToEnv: [] }, 'needs the secret "gone", which is not there'],
    ["a value", { secretName: "db", keyToEnv: [{ secretKey: "none", envVar: "X" }] }, 'has no value named "none"'],
    ["a name", { secretNameParameter: { componentInputParameter: "x" }, keyToEnv: [] }, "whose name has no value"],
  ])("are refused without %s, unless it is optional", async (_, entry, message) => {
    const given = (optional: boolean) => platform({ secretAsEnv: [{ ...(entry as object), optional }] });
    const request = bench.request({ ...step(container({})), ...given(false) });
    const { reason } = await refusalOf(bench.runner.begin(request, () => undefined));
    expect(reason).toMatchObject({ code: "missing-input", message: expect.stringContaining(message) });
    expect(await variables(given(true))).not.toHaveProperty("X");
  });
});

describe("profile and workspace", () => {
  const inFolder = (workingDirectory: string) => ({
    run: { ...bench.run, profile: { ...bench.run.profile, workingDirectory } },
  });

  it("start a step in the profile's directory, or refuse it", async () => {
    const folder = join(bench.home, "elsewhere");
    const gone = bench.request(step(container({ command: ["pwd"] })), inFolder(folder));
    expect((await refusalOf(bench.runner.begin(gone, () => undefined))).message).toContain("is no directory");
    mkdirSync(folder);
    const request = bench.request(step(container({ command: ["pwd"] })), inFolder(folder));
    await endOf(bench.runner, request);
    expect(readFileSync(join(bench.directory(request), "log"), "utf8").trim()).toBe(folder);
  });

  it("give all steps of a run one workspace, made when it is asked for", async () => {
    const workspace = join(bench.folders.run(1), "kfp-workspace");
    await printed(["nothing of it"]);
    expect(existsSync(workspace)).toBe(false);
    const script = 'echo hello > "$0/shared.txt"';
    const writer = bench.request(step(container({ command: ["sh", "-c", script, "{{$.workspace_path}}"] })));
    expect(await endOf(bench.runner, writer)).toMatchObject({ code: 0 });
    expect(readFileSync(join(workspace, "shared.txt"), "utf8")).toBe("hello\n");
    expect(await printed(["{{$.workspace_path}}"])).toEqual([workspace]);
  });
});
