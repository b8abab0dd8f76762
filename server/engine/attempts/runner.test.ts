/** The runner with real processes: container commands, scripts, refusals, what is found afterwards. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../executors/executor.contract";
import { attemptBench, container, endOf, outcomeOf, refusalOf, step } from "./testing";

let bench: ReturnType<typeof attemptBench>;

beforeEach(() => {
  bench = attemptBench();
});
afterEach(() => bench.close());

const shell = (script: string) => container({ command: ["sh", "-c", script] });
const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

describe("a container step", () => {
  it("is started in the same turn and leaves nothing to collect where it declares nothing", async () => {
    const request = bench.request(step(container({ command: ["true"] })));
    let isSettled = false;
    const ended = new Promise((resolve) => {
      void bench.runner.begin(request, resolve).then(() => {
        isSettled = true;
      });
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(isSettled).toBe(true);
    expect(await bench.runner.collect(request, (await ended) as never)).toEqual({
      state: "succeeded",
      exitCode: 0,
      collected: { parameters: {}, artifacts: [], metrics: [], warnings: [] },
      usage: { cpuMs: expect.any(Number), peakBytes: null, bytesIn: 0, bytesOut: 0 },
    });
  });

  it("gets its own folders, its identity, the profile's values and little else", async () => {
    process.env.PENSTOCK_TEST_LEAK = "secret";
    try {
      const request = bench.request(step(shell("pwd; env")), {
        run: { ...bench.run, profile: { ...bench.run.profile, environment: { FROM_PROFILE: "1" } } },
      });
      await endOf(bench.runner, request);
      const folder = bench.directory(request);
      const lines = read(folder, "log").split("\n");
      expect(lines[0]).toBe(join(folder, "work"));
      expect(lines).toEqual(
        expect.arrayContaining([
          `HOME=${join(folder, "home")}`,
          `TMPDIR=${join(folder, "home")}`,
          "FROM_PROFILE=1",
          "PENSTOCK_RUN_ID=run-1",
          "PENSTOCK_STEP=a",
          `PENSTOCK_ATTEMPT=run-1/${request.taskKey}/1`,
        ]),
      );
      expect(read(folder, "log")).not.toContain("PENSTOCK_TEST_LEAK");
      expect(statSync(join(folder, "log")).mode & 0o777).toBe(0o600);
      expect(JSON.parse(read(folder, "command.json"))).toMatchObject({ cwd: join(folder, "work") });
    } finally {
      delete process.env.PENSTOCK_TEST_LEAK;
    }
  });

  it("reads parameters and artifacts and hands on what it writes", async () => {
    const script = [
      'mkdir -p "$(dirname "$1")" "$(dirname "$2")"',
      'printf "%s" "$0" > "$1"',
      'printf 42 > "$3"',
      'echo data > "$2"',
    ].join("; ");
    const subject = step(
      container({
        command: ["sh", "-ec", script],
        args: [
          "{{$.inputs.parameters['greeting']}}, 100% {{$.inputs.parameters['none']}}",
          "{{$.outputs.parameters['text'].output_file}}",
          "{{$.outputs.artifacts['data'].path}}",
          "{{$.outputs.parameters['count'].output_file}}",
        ],
      }),
      {
        outputParameters: [
          { name: "text", type: "string" },
          { name: "count", type: "integer" },
          { name: "absent", type: "string" },
        ],
        outputArtifacts: [
          { name: "data", type: "system.Dataset" },
          { name: "scores", type: "system.Metrics", metadata: { accuracy: 0.5, kind: "x" } },
        ],
      },
    );
    const request = bench.request(subject, { inputs: { parameters: { greeting: 'a "b"\n$HOME' }, artifacts: {} } });
    const outcome = await outcomeOf(bench.runner, request);
    const out = join(bench.directory(request), "out");
    expect(outcome).toMatchObject({
      state: "succeeded",
      collected: {
        parameters: { text: "a \"b\"\n$HOME, 100% {{$.inputs.parameters['none']}}", count: 42 },
        metrics: [{ name: "accuracy", value: 0.5, format: "raw" }],
        warnings: ['The step wrote no value for the output "absent".'],
      },
    });
    if (outcome.state !== "succeeded") return;
    const [data, scores] = outcome.collected.artifacts;
    expect(data).toMatchObject({
      output: "data",
      type: "system.Dataset",
      path: join(out, "artifacts", "data"),
      size: 5,
      digest: "6667b2d1aab6a00caa5aee5af8ad9f1465e567abf1c209d15727d57b3e8f6e5f",
      isDirectory: false,
    });
    expect(statSync(join(out, "artifacts", "data")).mode & 0o222).toBe(0);
    expect(scores).toMatchObject({ output: "scores", size: null, digest: null, metadata: { accuracy: 0.5 } });
    expect(read(bench.directory(request), "log")).toContain("has no value here");
  });

  it.each([
    [
      "echo start; echo 'ValueError: no rows' >&2; echo bye; exit 3",
      3,
      "exit-code",
      "Exit code 3: ValueError: no rows",
    ],
    ["exit 2", 2, "exit-code", "Exit code 2; the step wrote nothing to its log."],
    ["kill -9 $$", 137, "signal", "The step was ended by SIGKILL (exit code 137), most often"],
    ["echo 'No space left on device'; exit 1", 1, "disk-full", "No space left on device"],
  ])("says why `%s` failed", async (script, code, reason, message) => {
    const outcome = await outcomeOf(bench.runner, bench.request(step(shell(script))));
    expect(outcome).toMatchObject({ state: "failed", exitCode: code, reason: { code: reason } });
    expect(outcome.state === "failed" && outcome.reason.message).toContain(message);
  });

  it("is refused with what to do where its program is not on this machine or it names none", async () => {
    const missing = await refusalOf(
      endOf(bench.runner, bench.request(step(container({ command: ["no-such-program"] })))),
    );
    expect(missing.reason).toMatchObject({ code: "command-not-found", subject: "no-such-program" });
    expect(missing.message).toContain("needs a container profile");
    const entrypoint = await refusalOf(
      endOf(bench.runner, bench.request(step(container({ command: [], args: ["x"] })))),
    );
    expect(entrypoint.reason).toMatchObject({ code: "command-not-found", subject: "registry.invalid/image:1" });
    const long = { parameters: { x: "y".repeat(130_000) }, artifacts: {} };
    const subject = step(container({ command: ["echo"], args: ["{{$.inputs.parameters['x']}}"] }));
    expect((await refusalOf(endOf(bench.runner, bench.request(subject, { inputs: long })))).message).toContain(
      "127 KB",
    );
  });

  it("never runs a builtin of the shim in the place of a program", async () => {
    const request = bench.request(step(container({ command: ["echo"], args: ["a\\nb"] })));
    await endOf(bench.runner, request);
    expect(read(bench.directory(request), "log")).toBe("a\\nb\n");
  });
});

describe("following", () => {
  it("notes which bytes of a log were there when", async () => {
    const request = bench.request(step(shell("echo one; while [ ! -e go ]; do sleep 0.01; done; echo three")));
    const folder = bench.directory(request);
    let isOver = false;
    void bench.runner.begin(request, () => {
      isOver = true;
    });
    await eventually("the first line", () => existsSync(join(folder, "log")) && read(folder, "log") === "one\n");
    bench.runner.noteLogs(1_000);
    bench.runner.noteLogs(1_050);
    writeFileSync(join(folder, "work", "go"), "");
    await eventually("the end", () => isOver);
    const [first, second] = read(folder, "log.times").trimEnd().split("\n");
    expect(first).toBe("4 1000");
    expect(second).toMatch(/^10 \d{13}$/);
  });

  it("stops an attempt by its key", async () => {
    const request = bench.request(step(shell("echo begun; sleep 60")));
    const report = endOf(bench.runner, request);
    // In the instant in which the command replaces the shim's child a TERM is lost, and the end of the grace ends it.
    const log = join(bench.directory(request), "log");
    await eventually("the command", () => existsSync(log) && readFileSync(log, "utf8").includes("begun"));
    bench.runner.stop(request.attemptKey, 5_000);
    expect((await report).code === 143 || (await report).signal === "SIGTERM").toBe(true);
  });

  /** A profile whose interpreter takes for ever to make an environment. */
  const slowEnvironment = () => {
    const python = join(bench.home, "slow-python");
    const answer = `printf '${python}\\n3.11.0\\n'`;
    writeFileSync(
      python,
      `#!/bin/sh\n[ "$1" = -c ] && { ${answer}; exit; }\n[ "$2" = venv ] && exec sleep 60\nexit 1\n`,
      {
        mode: 0o755,
      },
    );
    const script =
      'if ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet \'x\' && "$0" "$@"\n';
    const subject = step(container({ command: ["sh", "-c", script, "sh", "-c", "true"] }));
    return bench.request(subject, { run: { ...bench.run, profile: { ...bench.run.profile, python } } });
  };
  const isBuilding = (request: ReturnType<typeof slowEnvironment>) => {
    const log = join(bench.directory(request), "log");
    return existsSync(log) && readFileSync(log, "utf8").includes("Building");
  };

  it("stops an attempt while its environment is built, and its command never runs", async () => {
    const request = slowEnvironment();
    const refused = refusalOf(endOf(bench.runner, request));
    await eventually("the build", () => isBuilding(request));
    bench.runner.stop(request.attemptKey, 1_000);
    expect((await refused).reason.code).toBe("canceled-by-user");
    expect(existsSync(join(bench.directory(request), "started"))).toBe(false);
    await eventually("the build to end", () =>
      readdirSync(bench.folders.envs).every((name) => !name.endsWith(".lock")),
    );
  });

  it("says nothing of an attempt it was preparing when released: the next engine finds it never begun", async () => {
    const request = slowEnvironment();
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    bench.runner.begin(request, settle).then(settle, settle);
    await eventually("the build", () => isBuilding(request));
    bench.runner.release();
    await eventually("the build to end", () =>
      readdirSync(bench.folders.envs).every((name) => !name.endsWith(".lock")),
    );
    expect(isSettled).toBe(false);
    expect(await bench.runner.adopt(request, null, settle)).toEqual({ found: "never-begun" });
  });

  it("adopts in a second runner what the first one left", async () => {
    const request = bench.request(step(shell("while [ ! -e go ]; do sleep 0.01; done; exit 4")));
    const handle = await bench.runner.begin(request, () => undefined);
    await eventually("the fence set", () => existsSync(join(bench.directory(request), "started")));
    bench.runner.release();
    const other = attemptBench({ dataDir: bench.folders });
    try {
      let found = "";
      const report = await new Promise((resolve, reject) => {
        other.runner.adopt(request, handle, resolve).then((adoption) => {
          found = adoption.found;
          writeFileSync(join(bench.directory(request), "work", "go"), "");
        }, reject);
      });
      expect(found).toBe("alive");
      expect(report).toMatchObject({ code: 4 });
    } finally {
      other.close();
    }
  });
});
