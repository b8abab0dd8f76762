/** Files that steps leave, remove or import though they should not, through the built server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { type HardServer, hardServer, isBuilt } from "./support/hard-server";
import { until } from "./support/server";
import { alone, importer, pipeline, shell, task } from "./support/shell-specs";

if (!isBuilt) console.log("Hard files: left out, because nothing is built (npm run build)");

const MB = 1_000_000;
const LEAVES = { leaves: ["data"] };
const SOCKET =
  "import os, socket, sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))";

describe.runIf(isBuilt)("files that steps leave, remove and import", () => {
  let hard: HardServer;
  let outside: string;
  beforeAll(async () => {
    hard = await hardServer();
    outside = mkdtempSync(join(tmpdir(), "penstock-outside-"));
    writeFileSync(join(outside, "theirs"), "not yours");
    await hard.api.mutate("profiles.save", { name: "local", graceMs: 500 });
  });
  afterEach(() => hard.expectWell());
  afterAll(async () => {
    await hard?.server.remove();
    if (outside) rmSync(outside, { recursive: true });
  });

  const quick = alone("quick", shell("echo quick"));

  test("an artifact of 5 GB is kept in bounded memory while others run, and refused at once above its cap", {
    timeout: 120_000,
  }, async () => {
    const spec = alone("huge", shell('truncate -s 5000000000 "$1"', LEAVES));
    hard.enginePeak();
    const { id } = await hard.api.createRun(await hard.version(spec));
    const task = await until("the step to have left it", async () => {
      const [step] = (await hard.api.query<RunView>("runs.get", { id })).tasks;
      return step !== undefined && step.attempt > 0 ? step : null;
    });
    expect((await hard.run(quick, {}, 10_000)).state).toBe("succeeded");
    expect((await hard.api.finished(id, 100_000)).state).toBe("succeeded");
    expect(hard.enginePeak()).toBeLessThan(250 * MB);
    const [artifact] = (await hard.whole(task)).outputs.artifacts.data ?? [];
    expect(artifact).toMatchObject({ size: 5_000 * MB, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });

    await hard.api.mutate("settings.save", { name: "max-artifact-bytes", value: 1_000 * MB });
    const began = performance.now();
    const refused = await hard.run(spec);
    expect(performance.now() - began).toBeLessThan(5_000);
    await hard.api.mutate("settings.save", { name: "max-artifact-bytes", value: 20_000 * MB });
    expect(hard.task(refused, "step")).toMatchObject({
      state: "failed",
      reason: {
        code: "too-large",
        message:
          'The artifact "data" has 5 GB; 1 GB are allowed. Make it smaller, or raise the setting max-artifact-bytes.',
        subject: "data",
      },
    });
  });

  test.each([
    [
      "a link that leads out",
      'ln -s "$OUTSIDE" "$1"',
      /is a link that leads out of the step's folders.* Write or copy/,
    ],
    ["a link to nowhere", 'ln -s /nowhere/at/all "$1"', /is a link that leads out of the step's folders/],
    ["a pipe", 'mkfifo "$1"', /The artifact "data" is a pipe\. Only regular files and folders are kept\./],
    ["a device", 'mknod "$1" c 1 5 || ln -s /dev/zero "$1"', /is a (?:device|link that leads out)/],
    ["a socket", `python3 -c '${SOCKET}' "$1"`, /is a socket\. Only regular files and folders are kept\./],
  ])("an artifact that is %s fails its step", async (_what, script, words) => {
    const env = [{ name: "OUTSIDE", value: join(outside, "theirs") }];
    const run = await hard.run(alone("odd", shell(script, LEAVES, { env })));
    expect([run.state, hard.task(run, "step").reason?.code]).toEqual(["failed", "bad-output"]);
    expect(run.reason?.message).toMatch(words);
    expect((await hard.whole(hard.task(run, "step"))).outputs.artifacts).toEqual({});
    expect(readFileSync(join(outside, "theirs"), "utf8")).toBe("not yours");
  });

  test("an artifact that is a link to what the step wrote itself is kept", async () => {
    const run = await hard.run(alone("link", shell('echo mine > mine; ln -s "$PWD/mine" "$1"', LEAVES)));
    const { outputs } = await hard.whole(hard.task(run, "step"));
    expect(outputs.artifacts.data).toMatchObject([{ size: 5, path: expect.stringMatching(/\/work\/mine$/) }]);
  });

  test("a step that forks and exits is over, its output kept and its children ended", async () => {
    const forks = '(setsid sleep 300 &) ; sleep 300 & (trap "" TERM HUP INT; sleep 300) & echo done > "$1"; exit 0';
    const began = performance.now();
    const run = await hard.run(alone("forks", shell(forks, LEAVES)));
    expect(run.state).toBe("succeeded");
    expect(performance.now() - began).toBeLessThan(5_000);
    expect((await hard.whole(hard.task(run, "step"))).outputs.artifacts.data).toMatchObject([{ size: 5 }]);
  });

  const logOf = async ({ id, attempt }: TaskSummary): Promise<string> => {
    const headers = { authorization: `Bearer ${hard.server.token}` };
    const answer = await fetch(`${hard.server.url}/api/tasks/${id}/attempts/${attempt}/log`, { headers });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  const OWN = '"$(dirname "$PWD")"';
  const REMOVED = "The step removed its own folder, and its log with it. A step may only remove what it made itself.";

  test("a step that removes its working directory loses nothing else", async () => {
    const run = await hard.run(alone("removes", shell('echo said; echo made > "$1"; rm -rf "$PWD"', LEAVES)));
    expect([run.state, run.notices]).toEqual(["succeeded", []]);
    expect(await logOf(hard.task(run, "step"))).toBe("said\n");
  });

  test.each([
    ["its attempt's folder", OWN],
    ["its task's folder", `"$(dirname ${OWN})"`],
    ["the folder of its run", `"$(dirname "$(dirname ${OWN})")"`],
    ["the folder of all runs", `"$(dirname "$(dirname "$(dirname ${OWN})")")"`],
  ])("a step that removes %s is told, and harms nobody else", async (_what, folder) => {
    const removing = (script: string, shape = {}) =>
      hard.run(
        pipeline(
          "removes",
          { first: shell(`echo said; ${script}`, shape), next: shell("echo next") },
          { first: task("first"), next: task("next", { after: ["first"] }) },
        ),
      );
    const owing = await removing(`echo made > "$1"; rm -rf ${folder}`, LEAVES);
    expect(hard.task(owing, "first")).toMatchObject({
      state: "failed",
      reason: {
        code: "bad-output",
        message: expect.stringContaining("with all its outputs and its log. A step may only"),
      },
    });
    expect(hard.task(owing, "next").state).toBe("omitted");
    expect(await logOf(hard.task(owing, "first"))).toBe("");

    const owingNothing = await removing(`rm -rf ${folder}`);
    expect(owingNothing).toMatchObject({ state: "succeeded", notices: [{ step: "first", message: REMOVED }] });
    expect(await logOf(hard.task(owingNothing, "next"))).toBe("next\n");

    const failing = await removing(`rm -rf ${folder}; exit 5`);
    expect(hard.task(failing, "first").reason?.message).toBe(
      "Exit code 5; the step removed its own folder, and its log with it.",
    );
  });

  const imported = async (uri: string): Promise<string> => {
    const run = await hard.run(alone("import", importer(uri)));
    expect(run.state).toBe("failed");
    expect((await hard.whole(hard.task(run, "step"))).outputs.artifacts).toEqual({});
    return run.reason?.message ?? "";
  };

  test("an importer of what is not there or cannot be read says which and what to do", async () => {
    const nothing = (path: string) =>
      `Step "step" failed: There is nothing that can be read at ${path}. Put the file there, or correct the path, then retry.`;
    expect(await imported("/nowhere/at/all")).toBe(nothing("/nowhere/at/all"));
    expect(await imported("/dev/zero")).toBe(nothing("/dev/zero"));
    expect(await imported("/proc/self/mem")).toMatch(
      /failed: The import of \/proc\/\d+\/mem broke off: .*Input\/output error/,
    );
  });

  test("an importer of a closed file or folder says who has to open it", async ({ skip }) => {
    skip(process.getuid?.() === 0, "the superuser may read everything");
    mkdirSync(join(outside, "closed"), { mode: 0o000 });
    writeFileSync(join(outside, "secret"), "x", { mode: 0o000 });
    for (const name of ["closed", "secret"]) {
      expect(await imported(join(outside, name))).toContain(
        `${join(outside, name)} cannot be read: Permission denied. Let the user that runs Penstock read it`,
      );
    }
  });

  test("an importer of the data directory is refused, whatever way it is named", async () => {
    const { home, files } = hard.server;
    symlinkSync(files.secretKey, join(outside, "to-key"));
    for (const path of [home, dirname(home)]) {
      expect(await imported(path)).toContain(`${path} holds the data directory of this installation.`);
    }
    for (const path of [files.secretKey, files.database, `${home}/runs/../secret.key`, join(outside, "to-key")]) {
      expect(await imported(path)).toContain("lies in the data directory of this installation, where steps are given");
    }
  });

  test.each([
    ["http://169.254.169.254/latest/meta-data", "169.254.169.254 is not among the hosts that importers may fetch from"],
    ["s3://bucket/key", "nothing here reads s3: addresses. Fetch the content yourself and give its absolute path"],
    ["relative/path", "it is a relative path; give an absolute one"],
  ])("an importer of %s is refused before the start", async (uri, words) => {
    expect(await hard.refusal(hard.run(alone("import", importer(uri))))).toContain(words);
  });
});
