/** Steps of both formats in containers of a real engine, with what they are given and what they leave. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { leftOut, startTestEngine, type TestEngine, whyNoEngine } from "@/e2e/support/container-engine";
import { startTestRegistry } from "@/e2e/support/test-registry";
import { type ContainerSettings, LOCAL_PROFILE } from "@/server/domain/profile";
import { stepCommand } from "@/server/domain/snippets/step-command";
import type { CommandView } from "@/server/domain/views/attempts";
import { containedContract, HOSTILE_VAULT } from "./contained.contract";
import type { AttemptRequest, InputArtifact } from "./contract";
import { attemptBench, container, givenVault, outcomeOf, refusalOf, step } from "./testing";

const why = whyNoEngine();
const HAS_CLIENT = spawnSync("docker", ["--version"]).status === 0;

describe.runIf(why === null)(`steps in containers${leftOut(why)}`, () => {
  let engine: TestEngine;
  let bench: ReturnType<typeof attemptBench>;
  beforeAll(async () => {
    engine = await startTestEngine();
  }, 60_000);
  afterAll(() => engine.close(), 60_000);
  beforeEach(() => {
    bench = attemptBench({ vault: HOSTILE_VAULT });
  });
  afterEach(() => bench.close());

  const under = (settings: Partial<ContainerSettings> = {}, more: Partial<typeof LOCAL_PROFILE> = {}) => ({
    ...bench.run,
    profile: {
      ...LOCAL_PROFILE,
      executor: "docker" as const,
      graceMs: 300,
      imageMap: { "registry.invalid/*": engine.image },
      ...more,
      container: { engine: engine.socket, pull: "never" as const, network: "none", ...settings },
    },
  });
  const shell = (script: string, ...args: string[]) => container({ command: ["sh", "-c", script, "sh"], args });
  const declared = {
    outputParameters: [{ name: "sum", type: "integer" as const }],
    outputArtifacts: [{ name: "model", type: "system.Model" }],
  };
  const asked = (subject: AttemptRequest["step"], changes: Partial<AttemptRequest> = {}) =>
    bench.request(subject, { run: under(), ...changes });
  const logOf = (request: AttemptRequest): string => readFileSync(join(bench.directory(request), "log"), "utf8");

  containedContract("containers", () => ({ bench, asked }));

  it("are given parameters and artifacts, and leave parameters, artifacts and metrics", async () => {
    const data = join(bench.folders.run(1), "9", "1", "out", "data.csv");
    mkdirSync(join(data, ".."), { recursive: true });
    writeFileSync(data, "1\n2\n39\n", { mode: 0o444 });
    const given: InputArtifact = {
      key: 1,
      name: "data",
      type: "system.Dataset",
      uri: data,
      path: data,
      metadata: {},
      size: 7,
    };
    const subject = step(
      shell(
        'cp "$1" "$2" && echo "$4" >>"$2" && awk \'{s+=$1} END {printf "%d", s}\' "$1" >"$3" && ! echo x >>"$1"',
        "{{$.inputs.artifacts['data'].path}}",
        "{{$.outputs.artifacts['model'].path}}",
        "{{$.outputs.parameters['sum'].output_file}}",
        "{{$.inputs.parameters['word']}}",
      ),
      declared,
    );
    const request = asked(subject, { inputs: { parameters: { word: "$(id) ∑" }, artifacts: { data: [given] } } });
    const outcome = await outcomeOf(bench.runner, request);
    expect(outcome).toMatchObject({ state: "succeeded", collected: { parameters: { sum: 42 } } });
    const path = outcome.state === "succeeded" ? outcome.collected.artifacts[0]?.path : null;
    expect(readFileSync(path ?? "", "utf8")).toBe("1\n2\n39\n$(id) ∑\n");
    expect(readFileSync(data, "utf8")).toBe("1\n2\n39\n");
  });

  it("are given what their platform document mounts, under its very paths, and leave no value of it behind", async () => {
    bench.close();
    const volumes: { [name: string]: string } = {};
    const secrets = { creds: { user: "ann", "key.pem": "line one\nline two\n" } };
    const vault = givenVault({ secrets, configMaps: { conf: { "app.ini": "a=1" } }, volumes });
    bench = attemptBench({ vault });
    const disk = join(bench.folders.volumes, "1");
    mkdirSync(join(disk, "deep"), { recursive: true });
    volumes.disk = disk;
    const made = join(bench.folders.run(1), "volumes", "made-in-the-run");
    mkdirSync(made, { recursive: true });
    const reference = { taskOutputParameter: { producerTask: "make", outputParameterKey: "name" } };
    const platform = {
      secretAsVolume: [
        { secretName: "creds", mountPath: "/etc/creds" },
        { secretName: "none", mountPath: "/etc/none", optional: true },
      ],
      configMapAsVolume: [{ configMapName: "conf", mountPath: "/etc/conf" }],
      pvcMount: [
        { pvcName: "disk", mountPath: "/data", subPath: "deep" },
        { pvcNameParameter: reference, mountPath: "/made" },
      ],
      emptyDirMounts: [{ mountPath: "/scratch" }, { mountPath: "/memory", medium: "Memory", sizeLimit: "2Mi" }],
      genericEphemeralVolume: [{ mountPath: "/ephemeral", size: "1Gi" }],
      enabledSharedMemory: { size: "3Mi" },
    };
    const script = [
      "cat /etc/creds/user /etc/creds/key.pem /etc/conf/app.ini",
      'echo "|$(ls /etc/creds /etc/none | tr "\\n" " ")"',
      "! touch /etc/creds/x 2>/dev/null && ! touch /etc/conf/x 2>/dev/null",
      "echo kept >/data/kept && echo made >/made/made && echo a >/scratch/a && echo b >/memory/b && echo c >/ephemeral/c",
      "df -k /memory /dev/shm",
    ].join(" && ");
    const inputs = { parameters: { "platform:pvcMount.1": "made-in-the-run" }, artifacts: {} };
    const request = asked({ ...step(shell(script)), platform }, { inputs });
    expect([await outcomeOf(bench.runner, request), logOf(request)]).toMatchObject([
      { state: "succeeded" },
      expect.stringMatching(/^annline one\nline two\na=1\|\/etc\/creds: key.pem user {2}\/etc\/none: \n/),
    ]);
    expect(logOf(request)).toMatch(/ 2048 .*\/memory$/m);
    expect(logOf(request)).toMatch(/ 3072 .*\/dev\/shm$/m);
    expect(readFileSync(join(disk, "deep", "kept"), "utf8")).toBe("kept\n");
    expect(readFileSync(join(made, "made"), "utf8")).toBe("made\n");
    expect(existsSync(join(bench.directory(request), "mounted"))).toBe(false);
  });

  it("are refused a secret or a claim to mount that is not there", async () => {
    const cases: [NonNullable<AttemptRequest["step"]["platform"]>, RegExp][] = [
      [{ secretAsVolume: [{ secretName: "gone", mountPath: "/s" }] }, /mounts the secret "gone" at \/s, which is not/],
      [{ pvcMount: [{ pvcName: "../../etc", mountPath: "/d" }] }, /the volume "..\/..\/etc", which is not there/],
    ];
    for (const [platform, words] of cases) {
      const request = asked({ ...step(shell("true")), platform });
      const refusal = await refusalOf(bench.runner.begin(request, () => undefined));
      expect(refusal.reason.message).toMatch(words);
      expect(existsSync(join(bench.directory(request), "mounted"))).toBe(false);
      const without = { ...request, run: under({}, { runsWithoutMounts: true }), number: 2 };
      expect(await outcomeOf(bench.runner, without)).toMatchObject({ state: "succeeded" });
      expect(logOf(without)).toMatch(/^Runs without a mount: The step mounts the /);
    }
  });

  it.runIf(HAS_CLIENT)("say and leave the same when their command is pasted into a terminal", async () => {
    const script = [
      'printf "[%s]" "$@" "$ODD" "$PASSWORD"; echo; pwd; id -u; cat /conf/a; cat "$3"',
      'echo made >"$HOME/made"; cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null',
      "echo x >/scratch/x; ls -d /scratch/*; exit 5",
    ].join("; ");
    bench.close();
    bench = attemptBench({
      vault: givenVault({ secrets: { db: { password: "it's" } }, configMaps: { c: { a: "A\n" } } }),
    });
    const data = join(bench.folders.run(1), "9", "1", "out", "a,b c");
    mkdirSync(join(data, ".."), { recursive: true });
    writeFileSync(data, "given\n");
    const artifact = { key: 1, name: "d", type: "system.Dataset", uri: data, path: data, metadata: {}, size: 6 };
    const run = under({}, { limits: { memoryBytes: 64 * 2 ** 20 }, workingDirectory: "/tmp" });
    const platform = {
      secretAsEnv: [{ secretName: "db", keyToEnv: [{ secretKey: "password", envVar: "PASSWORD" }] }],
      configMapAsVolume: [{ configMapName: "c", mountPath: "/conf" }],
      emptyDirMounts: [{ mountPath: "/scratch" }],
    };
    const odd = [{ name: "ODD", value: "x=$HOME;`id`\n'∑\"" }];
    const body = { ...shell(script, "a  b", "--privileged", "{{$.inputs.artifacts['d'].path}}"), env: odd };
    const inputs = { parameters: {}, artifacts: { d: [artifact] } };
    const request = bench.request({ ...step(body), platform }, { run, inputs });
    expect(await outcomeOf(bench.runner, request)).toMatchObject({ state: "failed", exitCode: 5 });
    const recorded: CommandView = JSON.parse(readFileSync(join(bench.directory(request), "command.json"), "utf8"));
    expect(recorded.secrets).toEqual(["PASSWORD"]);
    const files = join(bench.home, "files");
    mkdirSync(files);
    writeFileSync(join(files, "a"), "A\n");
    rmSync(join(bench.directory(request), "home", "made"));
    const env = { PATH: process.env.PATH, HOME: bench.home, PASSWORD: "it's", FILES_1: files };
    const pasted = spawnSync("sh", ["-c", stepCommand(recorded)], { env: env as never, encoding: "utf8" });
    expect([pasted.status, pasted.stderr, pasted.stdout]).toEqual([5, "", logOf(request)]);
    expect(readFileSync(join(bench.directory(request), "home", "made"), "utf8")).toBe("made\n");
  });

  it("run what the image starts where they name no command", async () => {
    const request = asked(step(container({ command: [], args: ["sh", "-c", "echo from the image; exit 3"] })));
    expect(await outcomeOf(bench.runner, request)).toMatchObject({ state: "failed", exitCode: 3 });
    expect(logOf(request)).toBe("from the image\n");
  });

  it("are given a folder of this machine that the profile allows", async () => {
    const run = under({ mounts: ["/etc"] });
    const given: InputArtifact = {
      ...{ key: 1, name: "d", type: "system.Dataset", uri: "/etc/hostname", path: "/etc/hostname" },
      ...{ metadata: {}, size: 1 },
    };
    const subject = step(shell('cat "$1"', "{{$.inputs.artifacts['d'].path}}"));
    const request = bench.request(subject, { run, inputs: { parameters: {}, artifacts: { d: [given] } } });
    expect(await outcomeOf(bench.runner, request)).toMatchObject({ state: "succeeded" });
  });

  it("may write to nothing but their own folders where the profile says so", async () => {
    const run = under({ isReadOnly: true });
    const request = bench.request(step(shell('! touch /x 2>/dev/null && touch /tmp/x "$HOME/x" && pwd')), { run });
    expect(await outcomeOf(bench.runner, request)).toMatchObject({ state: "succeeded" });
  });

  it("are held to their limits: processors, memory, shared memory", async () => {
    const run = under({}, { limits: { cpus: 0.5, memoryBytes: 64 * 2 ** 20, sharedMemoryBytes: 2 ** 20 } });
    const script = "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null; df -k /dev/shm";
    const request = bench.request(step(shell(script)), { run });
    await outcomeOf(bench.runner, request);
    expect(logOf(request)).toMatch(/^50000\b/m);
    expect(logOf(request)).toMatch(/\b1024\b.*\/dev\/shm/);
    const hoard = shell("head -c 300000000 /dev/zero | tail -c 299999999 >/dev/null");
    const outcome = await outcomeOf(bench.runner, bench.request(step(hoard), { run }));
    expect(outcome).toMatchObject({
      state: "failed",
      exitCode: 137,
      reason: { code: "out-of-memory", message: expect.stringMatching(/OOMKilled, exit code 137.*limit is 67/) },
    });
  });

  it.each([
    [
      "an image that is not there",
      { imageMap: {} },
      "image-missing",
      /registry\.invalid\/image:1 is not on this machine/,
    ],
    ["a network that is not there", {}, "cannot-start", /network nowhere, which the container engine does not have/],
  ])(
    "say what is wrong with %s",
    async (what, more, code, message) => {
      const settings = what.includes("network") ? { network: "nowhere" } : {};
      const run = under(settings, more);
      const refusal = await refusalOf(bench.runner.begin(bench.request(step(shell("true")), { run }), () => undefined));
      expect(refusal.reason).toMatchObject({ code, message: expect.stringMatching(message) });
    },
    30_000,
  );

  it("pull their image with the profile's secret, as often as it says, and tell the log", async () => {
    const registry = await startTestRegistry();
    onTestFinished(registry.close);
    bench.close();
    bench = attemptBench({ vault: givenVault({ secrets: { registry: registry.credentials } }) });
    const subject = step(container({ image: registry.image, command: ["echo", "here"] }));
    const pulling = (pull: "missing" | "always", registrySecret: string | null) =>
      bench.request(subject, { run: under({ pull, registrySecret }, { imageMap: {} }) });
    const refusal = await refusalOf(bench.runner.begin(pulling("missing", null), () => undefined));
    expect(refusal.reason).toMatchObject({
      code: "image-missing",
      message: expect.stringMatching(/could not be pulled/),
    });
    const first = pulling("missing", "registry");
    expect(await outcomeOf(bench.runner, first)).toMatchObject({ state: "succeeded" });
    expect(logOf(first)).toMatch(
      /^Pulling the image 127\.0\.0\.1:\d+\/team\/shell:1\n[\s\S]*Pull complete\n[\s\S]*\nhere\n$/,
    );
    const second = pulling("missing", "registry");
    await outcomeOf(bench.runner, second);
    expect(logOf(second)).toBe("here\n");
    const third = pulling("always", "registry");
    await outcomeOf(bench.runner, third);
    expect(logOf(third)).toMatch(/Image is up to date/);
    const lacking = await refusalOf(bench.runner.begin(pulling("always", "nobody"), () => undefined));
    expect(lacking.reason).toMatchObject({ code: "missing-input", subject: "nobody" });
    expect(logOf(first)).not.toContain(registry.credentials.password);
  });

  it("say that the image has no such program", async () => {
    const outcome = await outcomeOf(bench.runner, asked(step(container({ command: ["no-such-program"] }))));
    expect(outcome).toMatchObject({
      state: "failed",
      reason: { code: "command-not-found", message: expect.stringContaining('has no program "no-such-program"') },
    });
  });

  it("tell a signal from an exit code", async () => {
    const outcome = await outcomeOf(bench.runner, asked(step(shell("kill -SEGV $$"))));
    expect(outcome).toMatchObject({ state: "failed", exitCode: 139, reason: { code: "signal", subject: "SIGSEGV" } });
  });

  it("are taken over by the next engine, which ends nothing of them", async () => {
    const waiting = step(shell("cat /db/password; echo; while [ ! -e go ]; do sleep 0.05; done; echo over"));
    const platform = { secretAsVolume: [{ secretName: "db", mountPath: "/db" }] };
    const request = asked(
      { ...waiting, platform },
      {
        run: under({}, { workingDirectory: join(bench.home, "runs", "1", "1", "1", "work") }),
      },
    );
    const handle = await bench.runner.begin(request, () => undefined);
    bench.runner.release();
    const next = bench.another();
    const ended = new Promise((resolve) => void next.adopt(request, handle, resolve));
    await expect.poll(() => logOf(request), { timeout: 5_000 }).toBe("s3cr3t-of-the-db\n");
    next.reapStrays();
    writeFileSync(join(bench.directory(request), "work", "go"), "");
    expect(await ended).toMatchObject({ code: 0 });
    expect(logOf(request)).toBe("s3cr3t-of-the-db\nover\n");
    expect(existsSync(join(bench.directory(request), "mounted"))).toBe(false);
    next.release();
  });

  it("leave no container behind", async () => {
    // Those of tests before this one whose runner was let go at once; the sweep of a later engine removes them.
    const before = new Set(await engine.containers());
    await outcomeOf(bench.runner, asked(step(shell("true"))));
    const added = async () => (await engine.containers()).filter((name) => !before.has(name));
    await expect.poll(added, { timeout: 10_000 }).toEqual([]);
  });
});
