/** Steps that misbehave as real processes do: they fork and leave, remove what they stand on, leave pipes, take too much. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ContainerBody, StepInterface } from "@/pipelines/graph";
import { eventually } from "../executors/executor.contract";
import type { AttemptRequest, Outcome } from "./contract";
import { attemptBench, container, endOf, outcomeOf, refusalOf, step } from "./testing";

let bench: ReturnType<typeof attemptBench>;

beforeEach(() => {
  bench = attemptBench();
});
afterEach(() => bench.close());

const OUTPUTS: Partial<StepInterface> = {
  outputParameters: [{ name: "text", type: "string" }],
  outputArtifacts: [{ name: "data", type: "system.Dataset" }],
};

/** A shell script that finds its parameter file as $0 and the path of its artifact as $1. */
function script(text: string, declared = OUTPUTS, changes: Partial<ContainerBody> = {}): AttemptRequest {
  const args = ["{{$.outputs.parameters['text'].output_file}}", "{{$.outputs.artifacts['data'].path}}"];
  return bench.request(step(container({ command: ["sh", "-c", text], args, ...changes }), declared));
}

const run = (request: AttemptRequest): Promise<Outcome> => outcomeOf(bench.runner, request);

describe("a step that forks and exits", () => {
  it("has what it left collected at once, and its children are ended", async () => {
    const request = script(
      '(echo $$ >/dev/null; sleep 60) & echo $! >"$HOME/child"; printf hi >"$0"; echo data >"$1"; exit 0',
    );
    const began = performance.now();
    const outcome = await run(request);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(outcome).toMatchObject({
      state: "succeeded",
      collected: { parameters: { text: "hi" }, artifacts: [{ output: "data", size: 5 }] },
    });
    const child = Number(readFileSync(join(bench.directory(request), "home", "child"), "utf8"));
    await eventually("the child is gone", () => {
      try {
        return /\) [ZX] /.test(readFileSync(`/proc/${child}/stat`, "utf8"));
      } catch {
        return true;
      }
    });
  });
});

describe("a step that removes its own directory", () => {
  it("loses nothing that it left elsewhere when it is the working directory", async () => {
    const outcome = await run(script('printf hi >"$0"; echo data >"$1"; rm -rf "$PWD"'));
    expect(outcome).toMatchObject({ state: "succeeded", collected: { parameters: { text: "hi" } } });
  });

  it("is told that its outputs are gone when it is the output folder", async () => {
    const outcome = await run(script('printf hi >"$0"; rm -rf "$(dirname "$(dirname "$1")")"'));
    expect(outcome).toMatchObject({ state: "succeeded", collected: { parameters: {} } });
    expect(outcome.collected?.warnings[0]).toContain("removed its own output folder");
  });

  it("fails with the reason when it is the folder of the attempt, whatever its exit code", async () => {
    const remove = 'rm -rf "$(dirname "$PWD")"';
    const well = await run(script(remove));
    expect(well).toMatchObject({ state: "failed", exitCode: 0, reason: { code: "bad-output" } });
    expect(well.state === "failed" && well.reason.message).toContain("removed its own folder");
    const badly = await run(script(`echo lost; ${remove}; exit 3`));
    expect(badly).toMatchObject({
      state: "failed",
      reason: { message: "Exit code 3; the step removed its own folder, and its log with it." },
    });
    const anew = await run(script(`${remove}; mkdir -p "$HOME"; exit 3`));
    expect(anew).toMatchObject({ reason: { message: badly.state === "failed" ? badly.reason.message : "" } });
    const killed = await run(script(`${remove}; kill -9 -$PPID`));
    expect(killed).toMatchObject({ state: "failed", reason: { code: "signal" } });
    const withoutOutputs = script(remove, {}, { args: [] });
    expect(await run(withoutOutputs)).toMatchObject({ state: "succeeded" });
    expect(existsSync(bench.directory(withoutOutputs))).toBe(false);
  });
});

describe("a step that leaves something else than a file", () => {
  it.each([
    ["a pipe", 'mkfifo "$1"'],
    ["a link that leads out", 'ln -s /etc/passwd "$1"'],
    ["a device", 'mknod "$1" c 1 5 || ln -s /dev/zero "$1"'],
  ])("is refused for %s", async (_, leave) => {
    const outcome = await run(script(`printf hi >"$0"; ${leave}`));
    expect(outcome).toMatchObject({ state: "failed", reason: { code: "bad-output", subject: "data" } });
  });

  it("is refused for a parameter that is a folder, with the output named", async () => {
    const outcome = await run(script('mkdir "$0"; echo data >"$1"'));
    expect(outcome).toMatchObject({
      state: "failed",
      reason: {
        code: "bad-output",
        message: 'The file of the output "text" is a folder, not a file.',
        subject: "text",
      },
    });
  });
});

describe("a step with limits", () => {
  const hold = "held = bytearray(b'x') * 100_000_000; import time; time.sleep(30)";
  const limited = (resources: ContainerBody["resources"], inputs: AttemptRequest["inputs"]["parameters"] = {}) => {
    const body = container({ command: ["python3", "-c", hold], ...(resources && { resources }) });
    return bench.request(step(body), { inputs: { parameters: inputs, artifacts: {} } });
  };

  it("is ended above its memory limit, with limit and use in the reason", async () => {
    const size = { resourceMemoryLimit: "{{$.inputs.parameters['size']}}", memoryLimit: 52 };
    for (const request of [limited({ memoryLimit: 0.05 }), limited(size, { size: "50M" })]) {
      const outcome = await run(request);
      expect(outcome).toMatchObject({ state: "failed", exitCode: 137, reason: { code: "out-of-memory" } });
      expect(outcome.state === "failed" && outcome.reason.message).toMatch(
        /^The step was ended because it held \d+(\.\d+)? MB of memory; its limit is 50 MB\./,
      );
    }
  });

  it("is not started with a limit that nobody can read", async () => {
    const request = limited({ resourceMemoryLimit: "{{$.inputs.parameters['size']}}" }, { size: "plenty" });
    const refusal = await refusalOf(endOf(bench.runner, request));
    expect(refusal.reason).toMatchObject({ code: "bad-input", subject: "a" });
    expect(refusal.message).toContain('resourceMemoryLimit is "plenty"');
  });
});

describe("what a step took", () => {
  it("counts the artifacts that it was given and left", async () => {
    const given = (key: number, size: number | null, path: string | null) => [
      { key, name: "x", type: "system.Dataset", uri: "u", path, metadata: {}, size },
    ];
    const request = script("printf 12345 >$1");
    const artifacts = {
      a: given(1, 70, "/a"),
      again: given(1, 70, "/a"),
      b: given(2, 7, "/b"),
      far: given(3, null, null),
    };
    const { usage } = await run({ ...request, inputs: { parameters: {}, artifacts } });
    expect(usage).toMatchObject({ bytesIn: 77, bytesOut: 5, cpuMs: expect.any(Number) });
    const far = await run({
      ...script("true", {}),
      inputs: { parameters: {}, artifacts: { far: given(3, null, null) } },
    });
    expect(far.usage).toMatchObject({ bytesIn: null, bytesOut: 0 });
  });

  it("is known of a step that sleeps 1 s and holds 100 MB, also when the engine was replaced meanwhile", async () => {
    const body = container({
      command: ["python3", "-c", "held = bytearray(b'x') * 100_000_000; import time; time.sleep(1)"],
    });
    const request = bench.request(step(body));
    const handle = await bench.runner.begin(request, () => undefined);
    await eventually("its memory was seen", () => existsSync(join(bench.directory(request), "usage")));
    bench.runner.release();
    const next = attemptBench({ dataDir: bench.folders });
    try {
      const outcome = await new Promise<Outcome>((resolve, reject) => {
        next.runner.adopt(request, handle, (report) => resolve(next.runner.collect(request, report))).catch(reject);
      });
      expect(outcome.state).toBe("succeeded");
      expect(outcome.usage?.peakBytes).toBeGreaterThan(100_000_000);
      expect(outcome.usage?.cpuMs).toBeGreaterThan(0);
    } finally {
      next.close();
    }
  });
});
