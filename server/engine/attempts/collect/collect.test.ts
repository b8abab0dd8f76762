/** What steps may leave on purpose to mislead: links, pipes, huge files, broken JSON. None of it throws or is followed. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ArtifactSpec, JsonValue, StepInterface } from "@/pipelines/graph";
import type { AttemptRequest, Outcome } from "../contract";
import { attemptBench, container, step } from "../testing";
import { failureReason, logTail, tellingLine } from "./failure";
import { measurer } from "./measure";

let bench: ReturnType<typeof attemptBench>;

/** A file outside every attempt; ours, so that a check that fails harms nobody. */
let foreign: string;

beforeEach(() => {
  bench = attemptBench();
  foreign = join(bench.home, "foreign");
  writeFileSync(foreign, "not yours", { mode: 0o644 });
});
afterEach(() => bench.close());

const DATA: ArtifactSpec = { name: "data", type: "system.Dataset" };
const makePipe = (path: string): void => {
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
};
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** An attempt whose command is over: `leave` plays what it left in its output folder. */
function left(declared: Partial<StepInterface>, leave: (out: string) => void): AttemptRequest {
  const request = bench.request(step(container({}), declared));
  const out = join(bench.directory(request), "out");
  mkdirSync(join(out, "parameters"), { recursive: true });
  mkdirSync(join(out, "artifacts"));
  leave(out);
  return request;
}

const collect = (request: AttemptRequest): Promise<Outcome> =>
  bench.runner.collect(request, { code: 0, signal: null, atMs: 0 });

const succeeded = async (request: AttemptRequest) => {
  const outcome = await collect(request);
  if (outcome.state !== "succeeded") throw new Error(JSON.stringify(outcome));
  return outcome.collected;
};

const result = (out: string, value: JsonValue | string): void =>
  writeFileSync(join(out, "executor_output.json"), typeof value === "string" ? value : JSON.stringify(value));

describe("parameters", () => {
  const text: Partial<StepInterface> = { outputParameters: [{ name: "text", type: "string" }] };

  it("come from the result file before their own file", async () => {
    const request = left(text, (out) => {
      writeFileSync(join(out, "parameters", "text"), "file");
      result(out, { parameterValues: { text: "result" } });
    });
    expect((await succeeded(request)).parameters).toEqual({ text: "result" });
  });

  it("are not read through a link, from a pipe or a folder", async () => {
    for (const leave of [
      (path: string) => symlinkSync(foreign, path),
      (path: string) => makePipe(path),
      (path: string) => mkdirSync(path),
    ]) {
      const request = left(text, (out) => leave(join(out, "parameters", "text")));
      const { parameters, warnings } = await succeeded(request);
      expect(parameters).toEqual({});
      expect(warnings[0]).toMatch(/is no file of the step's own output folder/);
    }
  });

  it.each([
    ["a parameter file", (out: string) => writeFileSync(join(out, "parameters", "text"), "")],
    ["the result file", (out: string) => result(out, "")],
  ])("are refused when %s is too large, without reading it whole", async (_, leave) => {
    const request = left(text, (out) => {
      leave(out);
      for (const name of ["parameters/text", "executor_output.json"]) {
        if (statSync(join(out, name), { throwIfNoEntry: false }) !== undefined) {
          truncateSync(join(out, name), 5_000_000_000);
        }
      }
    });
    const outcome = await collect(request);
    expect(outcome).toMatchObject({ state: "failed", exitCode: 0, reason: { code: "bad-output" } });
  });

  it.each(["{broken", "[]", '"text"', "null", '{"parameterValues": 3, "artifacts": []}'])(
    "survive the result file %s",
    async (content) => {
      const outcome = await collect(left(text, (out) => result(out, content)));
      expect(["succeeded", "failed"]).toContain(outcome.state);
    },
  );
});

describe("artifacts", () => {
  it("of a folder are hashed by sorted paths, without links that leave it and without pipes", async () => {
    const request = left({ outputArtifacts: [DATA] }, (out) => {
      const folder = join(out, "artifacts", "data");
      mkdirSync(join(folder, "deep"), { recursive: true });
      writeFileSync(join(folder, "b"), "2");
      writeFileSync(join(folder, "deep", "a"), "1");
      symlinkSync("b", join(folder, "again"));
      symlinkSync(foreign, join(folder, "stolen"));
      symlinkSync("..", join(folder, "up"));
      makePipe(join(folder, "pipe"));
    });
    const { artifacts, warnings } = await succeeded(request);
    const listed = [`again\0${sha256("2")}`, `b\0${sha256("2")}`, `deep/a\0${sha256("1")}`];
    expect(artifacts[0]).toMatchObject({
      isDirectory: true,
      size: 3,
      digest: sha256(listed.map((line) => `${line}\n`).join("")),
    });
    expect(warnings[0]).toMatch(/were not kept/);
    for (const name of ["stolen", "up", "pipe"]) expect(warnings[0]).toContain(name);
  });

  it("that are links out of the folder are neither read nor offered", async () => {
    const request = left({ outputArtifacts: [DATA] }, (out) => symlinkSync(foreign, join(out, "artifacts", "data")));
    const { artifacts, warnings } = await succeeded(request);
    expect(artifacts[0]).toMatchObject({ path: null, size: null, digest: null });
    expect(warnings[0]).toContain("leaves the step's output folder");
    expect(statSync(foreign).mode & 0o777).toBe(0o644);
  });

  it("may be moved within the folder or to a remote store, never elsewhere", async () => {
    const moved = (place: (out: string) => { [key: string]: JsonValue }) =>
      left({ outputArtifacts: [DATA] }, (out) => {
        writeFileSync(join(out, "elsewhere"), "x");
        result(out, { artifacts: { data: { artifacts: [{ name: "n", metadata: { rows: 3 }, ...place(out) }] } } });
      });
    const within = (await succeeded(moved((out) => ({ custom_path: join(out, "elsewhere") })))).artifacts[0];
    expect(within).toMatchObject({ size: 1, metadata: { rows: 3 } });
    const remote = (await succeeded(moved(() => ({ uri: "s3://bucket/key" })))).artifacts[0];
    expect(remote).toMatchObject({ uri: "s3://bucket/key", path: null });
    const stolen = await succeeded(moved(() => ({ uri: foreign })));
    expect(stolen.artifacts[0]?.path).toMatch(/artifacts\/data$/);
    expect(stolen.warnings[0]).toContain("It is not followed");
  });
});

describe("measuring", () => {
  it("gives the same for large files, in a worker, and makes them read-only", async () => {
    const hashes = measurer();
    const file = join(bench.home, "large");
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 7, "penstock");
    writeFileSync(file, bytes);
    expect(await hashes.measure(file)).toMatchObject({
      size: bytes.length,
      digest: createHash("sha256").update(bytes).digest("hex"),
      isDirectory: false,
    });
    expect(statSync(file).mode & 0o222).toBe(0);
    expect(await hashes.measure(join(bench.home, "none"))).toBeNull();
    hashes.release();
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});

describe("the reason of a failure", () => {
  it.each([
    [
      "Traceback (most recent call last):\n  File x\nModuleNotFoundError: No module named 'pandas'\n",
      "ModuleNotFoundError: No module named 'pandas'",
    ],
    [
      "pkg.errors.BadThing\nsqlalchemy.exc.OperationalError: gone\ncleaning up",
      "sqlalchemy.exc.OperationalError: gone",
    ],
    ["a\nsh: 1: foo: not found\nb", "sh: 1: foo: not found"],
    ["10%\r50%\r\u001b[31merror: broken\u001b[0m\n", "error: broken"],
    ["all quiet\nlast words\n\n", "last words"],
    ["\n \n", null],
  ])("is found in %j", (tail, line) => {
    expect(tellingLine(tail)).toBe(line);
  });

  it("never quotes more than a line's worth", () => {
    expect(tellingLine(`error ${"x".repeat(5_000)}`)?.length).toBeLessThan(520);
  });

  it("tells a step that never ran from one that vanished", () => {
    const report = { code: null, signal: null, atMs: 0 };
    const reason = (wasBegun: boolean, isDiskFull: boolean) => failureReason(report, "", { wasBegun, isDiskFull }).code;
    expect([reason(true, false), reason(false, false), reason(false, true)]).toEqual([
      "signal",
      "cannot-start",
      "disk-full",
    ]);
  });

  it("reads no more than the end of a log, and nothing where there is none", () => {
    const log = join(bench.home, "log");
    writeFileSync(log, `${"a".repeat(100_000)}\nend\n`);
    expect(logTail(log).length).toBe(16 * 1024);
    expect(logTail(join(bench.home, "none"))).toBe("");
  });
});
