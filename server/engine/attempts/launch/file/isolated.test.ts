/** Isolated steps with real files: what they see, what they hand on, and what is said when a declaration is missing. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileBody } from "@/pipelines/graph";
import { aFileBody } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest, RunContext } from "../../contract";
import { attemptBench, outcomeOf, refusalOf, step } from "../../testing";

let bench: ReturnType<typeof attemptBench>;
let files: RunContext["files"][number][];

beforeEach(() => {
  bench = attemptBench();
  files = [];
});
afterEach(() => bench.close());

/** Adds a file to the bundle. */
const given = (path: string, text = "") => {
  files.push(bench.blob(path, text));
};

/** A step that runs this script, after the others. */
function script(
  path: string,
  text: string,
  changes: Partial<FileBody> = {},
  after: readonly AttemptRequest[] = [],
): AttemptRequest {
  given(path, text);
  const subject = { ...step(aFileBody({ file: path, ...changes })), name: path, path: encodeURIComponent(path) };
  const upstream = after.map(({ run, step: { path: stepPath }, taskKey, number }) => ({
    stepPath,
    runKey: run.key,
    taskKey,
    number,
  }));
  return bench.request(subject, { run: { ...bench.run, format: "elyra", fileMode: "isolated", files }, upstream });
}

const log = (request: AttemptRequest): string => readFileSync(join(bench.directory(request), "log"), "utf8");
const LIST = "import os; print(sorted(os.path.join(d, f)[2:] for d, _, fs in os.walk('.') for f in fs))";

async function succeeded(request: AttemptRequest) {
  const outcome = await outcomeOf(bench.runner, request);
  if (outcome.state !== "succeeded") throw new Error(JSON.stringify(outcome.reason));
  return outcome.collected;
}

async function failed(request: AttemptRequest) {
  const outcome = await outcomeOf(bench.runner, request);
  if (outcome.state !== "failed") throw new Error("it succeeded");
  return outcome;
}

describe("an isolated step", () => {
  it("sees its own file and its matched dependencies, at their places beside it, and nothing else", async () => {
    for (const path of ["jobs/lib/x.py", "jobs/data/a.csv", "jobs/data/sub/b.csv", "jobs/other.py", "top.txt"])
      given(path);
    const flat = script("jobs/flat.py", LIST, { dependencies: ["lib", "data/*.csv"] });
    const deep = script("jobs/deep.py", LIST, { dependencies: ["data/*.csv"], includeSubdirectories: true });
    await succeeded(flat);
    await succeeded(deep);
    expect(log(flat)).toBe("['data/a.csv', 'flat.py', 'lib/x.py']\n");
    expect(log(deep)).toBe("['data/a.csv', 'data/sub/b.csv', 'deep.py']\n");
  });

  it("finds a dependency above it where it names it", async () => {
    given("shared/words.txt", "quince");
    const request = script("jobs/a/b.py", "print(open('../../shared/words.txt').read())", {
      dependencies: ["../../shared/words.txt"],
      outputs: [],
    });
    await succeeded(request);
    expect(log(request)).toBe("quince\n");
  });

  it("is given what all its ancestors declared, wildcards and folders as real files, the last writer winning", async () => {
    const first = script(
      "a/first.py",
      "import os\nos.makedirs('out/deep')\nfor n in ['out/1.bin', 'out/2.bin', 'out/deep/3.txt', 'both.txt', 'mine.txt', 'secret.txt']: open(n, 'w').write('first ' + n)",
      { outputs: ["out/*.bin", "out/deep", "both.txt", "mine.txt", "none*"] },
    );
    await succeeded(first);
    const second = script("b/second.py", "open('both.txt', 'a').write(' second')", { outputs: ["both.txt"] }, [first]);
    await succeeded(second);
    given("c/mine.txt", "packaged");
    const third = script(
      "c/third.py",
      `${LIST}\nprint(open('both.txt').read(), '|', open('mine.txt').read())\nopen('out/1.bin', 'a').write('x')`,
      { dependencies: ["mine.txt"] },
      [first, second],
    );
    await succeeded(third);
    expect(log(third)).toBe(
      "['both.txt', 'mine.txt', 'out/1.bin', 'out/2.bin', 'out/deep/3.txt', 'third.py']\nfirst both.txt second | packaged\n",
    );
    expect(readFileSync(join(bench.directory(first), "out", "outputs", "out", "1.bin"), "utf8")).toBe(
      "first out/1.bin",
    );
  });

  it("fails when a literal output is not written, and not for a wildcard", async () => {
    const outcome = await failed(script("a.py", "open('b.csv', 'w')", { outputs: ["b.csv", "c.csv", "*.none"] }));
    expect(outcome.reason).toMatchObject({ code: "bad-output", message: expect.stringContaining("c.csv") });
    expect(outcome.collected?.artifacts.map(({ name }) => name)).toEqual(["b.csv"]);
  });

  it("says which dependency is missing when the bundle holds the file", async () => {
    given("jobs/data/x.csv", "1");
    given("jobs/helper.py");
    const data = await failed(script("jobs/a.py", "open('data/x.csv')"));
    expect(data.reason).toMatchObject({ code: "missing-file", subject: "data/x.csv" });
    expect(data.reason.message).toContain('add `data/x.csv` to the dependencies of "jobs/a.py"');
    const module = await failed(script("jobs/b.py", "import helper"));
    expect(module.reason.message).toContain("add `helper.py` to the dependencies");
    const shell = await failed(script("jobs/c.py", "import subprocess; subprocess.check_call(['cat', 'data/x.csv'])"));
    expect(shell.reason.message).toContain("add `data/x.csv` to the dependencies");
  });

  it("says which output is undeclared when an earlier step wrote the file", async () => {
    const maker = script("make.py", "open('table.csv', 'w').write('1')");
    await succeeded(maker);
    const outcome = await failed(script("use.py", "open('table.csv')", {}, [maker]));
    expect(outcome.reason.message).toContain('declare `table.csv` as an output of "make.py"');
    const nowhere = await failed(script("lost.py", "open('nowhere.csv')", {}, [maker]));
    expect(nowhere.reason).toMatchObject({ code: "exit-code" });
  });

  it("is refused where a dependency or an ancestor's folder is not there", async () => {
    const lacking = await refusalOf(outcomeOf(bench.runner, script("a.py", "", { dependencies: ["gone.csv"] })));
    expect(lacking.reason).toMatchObject({ code: "missing-file", subject: "gone.csv" });
    const never = script("b.py", "");
    const orphan = await refusalOf(outcomeOf(bench.runner, script("c.py", "", {}, [never])));
    expect(orphan.reason).toMatchObject({ code: "missing-input" });
  });

  it("never changes the bundle", async () => {
    const request = script("a.py", "open('a.py', 'w').write('overwritten'); open('d.txt', 'a').write('more')", {
      dependencies: ["d.txt"],
    });
    given("d.txt", "data");
    await succeeded(request);
    const shared = { ...request, taskKey: 99, attemptKey: 99, run: { ...request.run, fileMode: "shared" as const } };
    await succeeded(shared);
    for (const { digest } of files) {
      const bytes = readFileSync(bench.folders.blob(digest));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(digest);
    }
  });
});

describe("a shared workspace that continues another run's", () => {
  it("is a copy of it, with what the bundle has new", async () => {
    const make = (text: string, key: number, continues: RunContext["continues"]) => {
      files = [];
      const request = script("p/step.py", text);
      given("p/data.txt", "from the bundle");
      return {
        ...request,
        run: { ...request.run, key, continues, fileMode: "shared" as const, specFile: "p.pipeline" },
      };
    };
    const first = make("open('data.txt', 'a').write(', changed'); open('left.txt', 'w').write('kept')", 1, null);
    await succeeded(first);
    const second = make("print(open('left.txt').read(), open('data.txt').read()); open('left.txt', 'w')", 2, {
      runKey: 1,
    });
    await succeeded(second);
    expect(log(second)).toContain("starts as a copy");
    expect(log(second)).toContain("kept from the bundle, changed\n");
    expect(readFileSync(join(bench.folders.workspace(1), "p", "left.txt"), "utf8")).toBe("kept");
  });

  it("is refused where that one is gone", async () => {
    const request = script("a.py", "");
    const run = { ...request.run, fileMode: "shared" as const, continues: { runKey: 77 } };
    expect((await refusalOf(outcomeOf(bench.runner, { ...request, run }))).reason.code).toBe("missing-input");
  });
});

it("a pipeline in a folder of the bundle finds files above it", async () => {
  const request = script("scripts/setup.py", "open('made.txt', 'w')");
  const subject = step(aFileBody({ file: "../scripts/setup.py" }));
  const run = { ...request.run, fileMode: "shared" as const, specFile: "pipelines/p.pipeline" };
  await succeeded({ ...request, step: subject, run });
  expect(existsSync(join(bench.folders.workspace(1), "scripts", "made.txt"))).toBe(true);
  mkdirSync(join(bench.home, "x"));
  writeFileSync(join(bench.home, "x", "y"), "");
  const outside = step(aFileBody({ file: "../../../x/y" }));
  const refused = await refusalOf(
    outcomeOf(bench.runner, { ...request, step: outside, taskKey: 50, attemptKey: 50, run }),
  );
  expect(refused.reason.code).toBe("missing-file");
});
