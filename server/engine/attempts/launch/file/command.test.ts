/** Scripts of a bundle with real interpreters: the shared workspace, their variables, what they declare and leave. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aFileBody } from "@/server/domain/planning/testing/graphs";
import { settingValue } from "@/server/domain/settings";
import { attemptBench, endOf, outcomeOf, refusalOf, step } from "../../testing";

let bench: ReturnType<typeof attemptBench>;

beforeEach(() => {
  bench = attemptBench();
});
afterEach(() => bench.close());

const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

describe("a script of a bundle", () => {
  const python = (text: string, changes: Parameters<typeof aFileBody>[0] = {}) => ({
    files: [bench.blob("jobs/step.py", text)],
    subject: step(aFileBody({ file: "jobs/step.py", ...changes })),
  });

  it("runs in the folder of its file within one workspace for the whole run", async () => {
    const { files, subject } = python("import os; open('made.txt', 'w').write(os.getcwd()); open('../up.txt', 'w')");
    const run = { ...bench.run, files };
    const first = bench.request(subject, { run });
    const second = bench.request(subject, { run });
    const outcomes = await Promise.all([outcomeOf(bench.runner, first), outcomeOf(bench.runner, second)]);
    expect(outcomes.map(({ state }) => state)).toEqual(["succeeded", "succeeded"]);
    const workspace = bench.folders.workspace(run.key);
    expect(read(workspace, "jobs/made.txt")).toBe(join(workspace, "jobs"));
    expect(existsSync(join(workspace, "up.txt"))).toBe(true);
    expect(statSync(bench.folders.blob(files[0]?.digest ?? "")).mode & 0o777).toBe(0o400);
  });

  it("finds Elyra's variables, the node's own and the named parameters", async () => {
    const { files, subject } = python("import os, json; print(json.dumps(dict(os.environ)))", {
      env: [
        { name: "OWN", value: "1" },
        { name: "EMPTY", value: "" },
        { name: "both", value: "node" },
        { name: "PENSTOCK_ATTEMPT", value: "somebody else's" },
      ],
      parameterEnv: ["both", "rate", "unset", "blank"],
    });
    const request = bench.request(subject, {
      run: { ...bench.run, files, parameters: { both: "run", rate: 0.5, blank: "", other: "x" } },
    });
    await endOf(bench.runner, request);
    const seen = JSON.parse(read(bench.directory(request), "log"));
    expect(seen).toMatchObject({
      OWN: "1",
      both: "node",
      PENSTOCK_ATTEMPT: expect.stringMatching(/^run-1\//),
      rate: "0.5",
      ELYRA_RUNTIME_ENV: "local",
      ELYRA_RUN_NAME: "pipe-0203040506",
    });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(["EMPTY"]));
    for (const name of ["EMPTY", "unset", "blank", "other"]) expect(seen).not.toHaveProperty(name);
  });

  it("keeps declared outputs and display files, and says what was not written", async () => {
    const { files, subject } = python(
      [
        "import os, json",
        "os.makedirs('res/deep'); open('res/a.csv','w').write('1'); open('res/b.csv','w').write('2'); open('res/deep/c','w')",
        "open('plain.txt','w').write('x'); os.symlink(os.path.abspath('../../../../foreign'), 'stolen')",
        "json.dump({'metrics': [{'name': 'acc', 'numberValue': 0.9, 'format': 'PERCENTAGE'}, {'name': 'n', 'numberValue': '3'}]}, open('mlpipeline-metrics.json','w'))",
        "open('mlpipeline-ui-metadata.json','w').write('{broken')",
      ].join("\n"),
      { outputs: ["plain.txt", "res/*.csv", "res", "*.none", "missing.txt", "stolen", "../../../../x"] },
    );
    writeFileSync(join(bench.home, "foreign"), "not yours");
    const request = bench.request(subject, { run: { ...bench.run, files } });
    const outcome = await outcomeOf(bench.runner, request);
    if (outcome.state !== "succeeded") throw new Error(JSON.stringify(outcome));
    const { artifacts, metrics, warnings } = outcome.collected;
    expect(artifacts.map(({ output, position, name }) => `${output} ${position} ${name}`)).toEqual([
      "plain.txt 0 jobs/plain.txt",
      "res/*.csv 0 jobs/res/a.csv",
      "res/*.csv 1 jobs/res/b.csv",
      "res 0 jobs/res/a.csv",
      "res 1 jobs/res/b.csv",
      "res 2 jobs/res/deep/c",
      "mlpipeline-metrics.json 0 mlpipeline-metrics.json",
    ]);
    for (const { path } of artifacts) expect(path?.startsWith(join(bench.directory(request), "out"))).toBe(true);
    expect(metrics).toEqual([
      { name: "acc", value: 0.9, format: "percentage" },
      { name: "n", value: 3, format: "raw" },
    ]);
    expect(warnings).toEqual([
      "The declared output missing.txt was not written.",
      expect.stringContaining("stolen is a link that leaves"),
      expect.stringContaining("../../../../x lies outside"),
      expect.stringContaining("mlpipeline-ui-metadata.json was not taken"),
    ]);
  });

  it("is refused for an output above the cap, and keeps no pipe and no circle of links", async () => {
    const { files, subject } = python(
      "import os; os.mkdir('d'); os.symlink('.', 'd/loop'); os.mkfifo('d/pipe'); open('d/f', 'w'); os.mkfifo('pipe')",
      { outputs: ["d", "d/*", "pipe"] },
    );
    const outcome = await outcomeOf(bench.runner, bench.request(subject, { run: { ...bench.run, files } }));
    expect(outcome.collected?.artifacts.map(({ output, name }) => `${output} ${name}`)).toEqual([
      "d jobs/d/f",
      "d/* jobs/d/f",
    ]);
    expect(outcome.collected?.warnings).toEqual(["jobs/pipe is a pipe; it was not kept."]);
    const small = attemptBench({ setting: (name) => settingValue(name, name === "max-artifact-bytes" ? 10 : null) });
    try {
      const script = small.blob("jobs/step.py", "open('big', 'w').write('x' * 11)");
      const big = small.request(step(aFileBody({ file: "jobs/step.py", outputs: ["big"] })), {
        run: { ...small.run, files: [script] },
      });
      expect(await outcomeOf(small.runner, big)).toMatchObject({
        state: "failed",
        reason: { code: "too-large", subject: "big" },
      });
    } finally {
      small.close();
    }
  });

  it("finds display files in the working directory and in the directory that Elyra offers for them", async () => {
    const { files, subject } = python(
      [
        "import json, os",
        "json.dump({'metrics': [{'name': 'a', 'numberValue': 1}]}, open(os.environ['ELYRA_WRITABLE_CONTAINER_DIR'] + '/mlpipeline-metrics.json', 'w'))",
        "json.dump({'outputs': [{'type': 'markdown', 'storage': 'inline', 'source': '# x'}, {'type': 'table'}]}, open('mlpipeline-ui-metadata.json', 'w'))",
      ].join("\n"),
    );
    const { collected } = await outcomeOf(bench.runner, bench.request(subject, { run: { ...bench.run, files } }));
    expect(collected?.metrics).toEqual([{ name: "a", value: 1, format: "raw" }]);
    expect(collected?.artifacts.map(({ name }) => name)).toEqual([
      "mlpipeline-metrics.json",
      "mlpipeline-ui-metadata.json",
    ]);
    expect(collected?.warnings).toEqual(["mlpipeline-ui-metadata.json: Entry 2 (table) has no text named source."]);
  });

  it("is refused where its file, its interpreter or R is missing", async () => {
    const { files, subject } = python("");
    const run = { ...bench.run, files };
    const none = step(aFileBody({ file: "jobs/other.py" }));
    expect((await refusalOf(endOf(bench.runner, bench.request(none, { run })))).reason).toMatchObject({
      code: "missing-file",
      subject: "jobs/other.py",
    });
    const profile = { ...run.profile, python: "/no/such/python" };
    const broken = await refusalOf(endOf(bench.runner, bench.request(subject, { run: { ...run, profile } })));
    expect(broken.reason).toMatchObject({ code: "bad-interpreter", subject: "/no/such/python" });
    expect(broken.message).toContain("PENSTOCK_PYTHON");
    const environment = { PATH: join(bench.home, "empty") };
    mkdirSync(environment.PATH);
    const r = step(aFileBody({ runner: "r", file: "jobs/step.py" }));
    const withoutR = { ...run, profile: { ...run.profile, environment } };
    expect((await refusalOf(endOf(bench.runner, bench.request(r, { run: withoutR })))).reason.subject).toBe("Rscript");
  });
});
