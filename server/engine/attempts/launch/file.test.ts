/** Scripts of a bundle with real interpreters: the shared workspace, their variables, what they declare and leave. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attemptBench, endOf, fileStep, outcomeOf, refusalOf, step } from "../testing";

let bench: ReturnType<typeof attemptBench>;

beforeEach(() => {
  bench = attemptBench();
});
afterEach(() => bench.close());

const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

describe("a script of a bundle", () => {
  const python = (text: string, changes: Parameters<typeof fileStep>[0] = {}) => ({
    files: [bench.blob("jobs/step.py", text)],
    subject: step(fileStep({ file: "jobs/step.py", ...changes })),
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

  it("is refused where its file, its interpreter or R is missing", async () => {
    const { files, subject } = python("");
    const run = { ...bench.run, files };
    const none = step(fileStep({ file: "jobs/other.py" }));
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
    const r = step(fileStep({ runner: "r", file: "jobs/step.py" }));
    const withoutR = { ...run, profile: { ...run.profile, environment } };
    expect((await refusalOf(endOf(bench.runner, bench.request(r, { run: withoutR })))).reason.subject).toBe("Rscript");
  });
});
