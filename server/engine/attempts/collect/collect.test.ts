/** What steps may leave on purpose to mislead: links, pipes, huge files, broken JSON. None of it throws or is followed. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ArtifactSpec, JsonValue, StepInterface } from "@/pipelines/graph";
import { settingValue } from "@/server/domain/settings";
import type { AttemptRequest, Outcome } from "../contract";
import { attemptBench, container, step } from "../testing";
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
const makeSocket = (path: string): void => {
  // A path of a socket may have 107 bytes; from its folder it is short.
  const bind =
    "import os, socket, sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))";
  execFileSync("python3", ["-c", bind, path]);
};
const MANY_FILES =
  "import os, sys\nos.mkdir(sys.argv[1])\nfor i in range(int(sys.argv[2])): open(f'{sys.argv[1]}/{i}', 'w').close()";
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

const refused = async (request: AttemptRequest) => {
  const outcome = await collect(request);
  if (outcome.state !== "failed" || outcome.exitCode !== 0) throw new Error(JSON.stringify(outcome));
  return outcome.reason;
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

  it.each([
    ["a link that leads out", (path: string) => symlinkSync(foreign, path)],
    ["a pipe", (path: string) => makePipe(path)],
    ["a folder", (path: string) => mkdirSync(path)],
  ])("are not read from %s", async (kind, leave) => {
    for (const file of ["parameters/text", "executor_output.json"]) {
      const reason = await refused(left(text, (out) => leave(join(out, file))));
      expect(reason.code).toBe("bad-output");
      expect(reason.message).toContain(`is ${kind}`);
    }
  });

  it("may be links to what the step wrote elsewhere in its own folders", async () => {
    const request = left(text, (out) => {
      writeFileSync(join(out, "real"), "x");
      symlinkSync(join(out, "real"), join(out, "parameters", "text"));
    });
    expect((await succeeded(request)).parameters).toEqual({ text: "x" });
  });

  it.each([
    ["max-parameter-bytes", "parameters/text", "text"],
    ["max-result-bytes", "executor_output.json", "a"],
  ])("are refused above %s, with size and limit, without being read", async (setting, file, subject) => {
    const request = left(text, (out) => {
      writeFileSync(join(out, file), "");
      truncateSync(join(out, file), 5_000_000_000);
    });
    const reason = await refused(request);
    expect(reason).toMatchObject({ code: "too-large", subject });
    expect(reason.message).toContain("has 5 GB");
    expect(reason.message).toContain(setting);
  });

  it("are refused above the cap of a parameter also within a result file that may be larger", async () => {
    const reason = await refused(left(text, (out) => result(out, { parameterValues: { text: "é".repeat(600_000) } })));
    expect(reason).toMatchObject({ code: "too-large", subject: "text" });
    expect(reason.message).toBe(
      'The output "text" has 1.2 MB; 1.05 MB are allowed. Make it smaller, or raise the setting max-parameter-bytes.',
    );
  });

  it("say where a result file is no JSON", async () => {
    const reason = await refused(left(text, (out) => result(out, '{"parameterValues": {"text": }')));
    expect(reason.code).toBe("bad-output");
    expect(reason.message).toMatch(/result file of the step is no JSON: line 1, column \d+/);
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

  const leaving = (leave: (path: string, out: string) => void): AttemptRequest =>
    left({ outputArtifacts: [DATA] }, (out) => leave(join(out, "artifacts", "data"), out));

  it("that are links out of the step's folders, or to nowhere, are refused and not touched", async () => {
    for (const target of [foreign, "/no/such/place"]) {
      const reason = await refused(leaving((path) => symlinkSync(target, path)));
      expect(reason).toMatchObject({ code: "bad-output", subject: "data" });
      expect(reason.message).toContain("is a link that leads out of the step's folders");
    }
    expect(statSync(foreign).mode & 0o777).toBe(0o644);
  });

  it("that are links within the step's folders are kept as the file they lead to", async () => {
    const { artifacts } = await succeeded(
      leaving((path, out) => {
        writeFileSync(join(out, "real"), "x");
        symlinkSync("../real", path);
      }),
    );
    expect(artifacts[0]).toMatchObject({ size: 1, digest: sha256("x"), path: expect.stringMatching(/\/out\/real$/) });
  });

  it.each([
    ["a pipe", makePipe],
    ["a socket", makeSocket],
    ["a device", (path: string) => symlinkSync("/dev/zero", path)],
  ])("that are %s are refused without being opened", async (kind, leave) => {
    const reason = await refused(leaving(leave));
    expect(reason.code).toBe("bad-output");
    if (kind !== "a device") expect(reason.message).toContain(`The artifact "data" is ${kind}.`);
  });

  it("of 5 GB are kept in bounded memory, or refused by the cap without being read", async () => {
    const sparse = (path: string): void => {
      writeFileSync(path, "");
      truncateSync(path, 5_000_000_000);
    };
    const small = attemptBench({
      setting: (name) => settingValue(name, name === "max-artifact-bytes" ? 1_000_000 : null),
    });
    try {
      const request = small.request(step(container({}), { outputArtifacts: [DATA] }));
      mkdirSync(join(small.directory(request), "out", "artifacts"), { recursive: true });
      sparse(join(small.directory(request), "out", "artifacts", "data"));
      const began = performance.now();
      const outcome = await small.runner.collect(request, { code: 0, signal: null, atMs: 0 });
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(outcome).toMatchObject({ state: "failed", reason: { code: "too-large", subject: "data" } });
      expect(outcome.state === "failed" && outcome.reason.message).toContain("has 5 GB; 1 MB are allowed");
    } finally {
      small.close();
    }
    const before = process.memoryUsage().rss;
    const { artifacts } = await succeeded(leaving(sparse));
    expect(artifacts[0]).toMatchObject({ size: 5_000_000_000, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  }, 120_000);

  it("of a folder with circles, odd names and unreadable entries are measured without following or failing", async () => {
    const { artifacts, warnings } = await succeeded(
      leaving((path) => {
        mkdirSync(join(path, "deep"), { recursive: true });
        symlinkSync(".", join(path, "loop"));
        symlinkSync("../deep", join(path, "deep", "again"));
        writeFileSync(join(path, "line\nbreak"), "1");
        writeFileSync(Buffer.concat([Buffer.from(join(path, "bad-")), Buffer.from([0xff, 0xfe])]), "2");
      }),
    );
    expect(artifacts[0]).toMatchObject({ isDirectory: true, size: 1 });
    expect(warnings[0]).toContain("bad-");
  });

  it("of a folder with 100,000 files are measured, with too many refused", async () => {
    const request = leaving((path) => execFileSync("python3", ["-c", MANY_FILES, path, "100000"]));
    const folder = join(bench.directory(request), "out", "artifacts", "data");
    const hashes = measurer();
    const few = await hashes.measure(folder, { maxBytes: 1_000, maxFiles: 99_999 });
    expect(few).toEqual({ is: "too-many", files: 99_999 });
    hashes.release();
    expect((await succeeded(request)).artifacts[0]).toMatchObject({ isDirectory: true, size: 0 });
  }, 60_000);

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
    for (const place of [{ uri: foreign }, { custom_path: foreign }, { custom_path: "../../../../foreign" }]) {
      const reason = await refused(moved(() => place));
      expect(reason).toMatchObject({ code: "bad-output" });
      expect(reason.message).toContain("Only content below its own folders is kept");
    }
  });

  it("may be what the step was given, or a copy of what it left in the run's workspace", async () => {
    const given = join(bench.home, "runs", "1", "77", "1", "out", "artifacts", "source");
    mkdirSync(given, { recursive: true });
    writeFileSync(join(given, "part"), "given");
    const workspace = join(bench.folders.run(1), "kfp-workspace");
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, "model"), "shared");
    const named = (uri: string) => {
      const request = left({ outputArtifacts: [DATA] }, (out) =>
        result(out, { artifacts: { data: { artifacts: [{ uri }] } } }),
      );
      const source = { key: 1, name: "s", type: "system.Dataset", uri: given, path: given, metadata: {}, size: 5 };
      return succeeded({ ...request, inputs: { parameters: {}, artifacts: { source: [source] } } });
    };
    expect((await named(given)).artifacts[0]).toMatchObject({ path: given, isDirectory: true, size: 5 });
    expect((await named(join(given, "part"))).artifacts[0]).toMatchObject({ path: join(given, "part"), size: 5 });
    const copy = (await named(join(workspace, "model"))).artifacts[0];
    expect(copy).toMatchObject({ size: 6, path: expect.stringContaining("/out/from-workspace/data-0") });
    expect(statSync(join(workspace, "model")).mode & 0o222).not.toBe(0);
  });

  it("of a list are as many as the result file names", async () => {
    const list: ArtifactSpec = { name: "list", type: "system.Dataset", isList: true };
    const request = left({ outputArtifacts: [list] }, (out) => {
      mkdirSync(join(out, "artifacts", "list"));
      const entries = ["a", "b"].map((name) => {
        writeFileSync(join(out, "artifacts", "list", name), name);
        return { name, uri: join(out, "artifacts", "list", name), metadata: { part: name } };
      });
      result(out, { artifacts: { list: { artifacts: entries } } });
    });
    const { artifacts } = await succeeded(request);
    expect(artifacts.map(({ position, name, size, metadata }) => [position, name, size, metadata.part])).toEqual([
      [0, "a", 1, "a"],
      [1, "b", 1, "b"],
    ]);
  });
});

describe("what is shown", () => {
  it("are the numbers of a metrics artifact; its metadata stays whole", async () => {
    const scores: ArtifactSpec = { name: "scores", type: "system.Metrics", metadata: { kept: 1 } };
    const request = left({ outputArtifacts: [scores] }, (out) =>
      result(
        out,
        '{"artifacts": {"scores": {"artifacts": [{"metadata": {"f1": 0.5, "label": "x", "is": true, "far": Infinity}}]}}}',
      ),
    );
    const { artifacts, metrics, warnings } = await succeeded(request);
    expect(metrics).toEqual([
      { name: "kept", value: 1, format: "raw" },
      { name: "f1", value: 0.5, format: "raw" },
    ]);
    expect(artifacts[0]?.metadata).toEqual({ kept: 1, f1: 0.5, label: "x", is: true, far: "Infinity" });
    expect(warnings).toEqual([]);
  });

  it("are display files of Kubeflow v1 under any spelling of their name; a broken one is a warning", async () => {
    const artifact = (name: string): ArtifactSpec => ({ name, type: "system.Artifact" });
    const request = left(
      { outputArtifacts: [artifact("mlpipeline_metrics"), artifact("MLPipeline UI metadata")] },
      (out) => {
        const metrics = [
          { name: "accuracy", numberValue: 0.9, format: "PERCENTAGE" },
          { name: "bad name", numberValue: 1 },
        ];
        writeFileSync(join(out, "artifacts", "mlpipeline_metrics"), JSON.stringify({ metrics }));
        writeFileSync(join(out, "artifacts", "MLPipeline%20UI%20metadata"), "{broken");
      },
    );
    const { artifacts, metrics, warnings } = await succeeded(request);
    expect(artifacts).toHaveLength(2);
    expect(metrics).toEqual([{ name: "accuracy", value: 0.9, format: "percentage" }]);
    expect(warnings).toEqual([
      expect.stringContaining('"bad name" has no name of at most 64'),
      expect.stringContaining("It is no JSON that is read here"),
    ]);
  });

  it("is said of classification metrics that cannot be drawn; they are kept as they are", async () => {
    const curve: ArtifactSpec = { name: "curve", type: "system.ClassificationMetrics" };
    const request = left({ outputArtifacts: [curve] }, (out) =>
      result(out, { artifacts: { curve: { artifacts: [{ metadata: { confusionMatrix: { rows: [1] } } }] } } }),
    );
    const { artifacts, warnings } = await succeeded(request);
    expect(artifacts[0]?.metadata).toEqual({ confusionMatrix: { rows: [1] } });
    expect(warnings[0]).toContain("no square matrix");
  });
});

describe("measuring", () => {
  it("gives the same for large files, in a worker, and makes them read-only", async () => {
    const hashes = measurer();
    const file = join(bench.home, "large");
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 7, "penstock");
    writeFileSync(file, bytes);
    const limits = { maxBytes: 10_000_000 };
    expect(await hashes.measure(file, limits)).toMatchObject({
      is: "measured",
      size: bytes.length,
      digest: createHash("sha256").update(bytes).digest("hex"),
      isDirectory: false,
    });
    expect(statSync(file).mode & 0o222).toBe(0);
    expect(await hashes.measure(join(bench.home, "none"), limits)).toEqual({ is: "absent" });
    hashes.release();
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});
