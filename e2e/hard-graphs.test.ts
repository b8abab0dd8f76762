/** Graphs and surroundings at their limits, through the built server: huge loops, exit tasks that fail, what is gone when it is needed. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { StatusView } from "@/server/domain/views/status";
import { type HardServer, hardServer, isBuilt } from "./support/hard-server";
import { until } from "./support/server";
import { ALWAYS, alone, constant, from, group, parent, pipeline, shell, task, when } from "./support/shell-specs";

if (!isBuilt) console.log("Hard graphs: left out, because nothing is built (npm run build)");

const MB = 1_000_000;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const over = (items: { readonly raw: string } | { readonly inputParameter: string }, itemInput = "item") => ({
  parameterIterator: { itemInput, items: { ...items } },
});
const NUMBER = "NUMBER_INTEGER";

describe.runIf(isBuilt)("a graph at its limits", () => {
  let hard: HardServer;
  beforeAll(async () => {
    hard = await hardServer();
  });
  afterEach(() => hard.expectWell());
  afterAll(() => hard?.server.remove());

  test("a loop of 200,000 items is refused, with the most that are run", { timeout: 30_000 }, async () => {
    const parts = {
      say: shell('seq -s, 200000 | sed "s/^/[/;s/$/]/" > "$1"', { out: { said: "LIST" } }),
      made: group({ hear: task("hear") }, { in: { list: "LIST", item: NUMBER } }),
      written: group({ hear: task("hear") }, { in: { item: NUMBER } }),
      hear: shell("true"),
    };
    await hard.api.mutate("settings.save", { name: "max-parameter-bytes", value: 10 * MB });
    hard.enginePeak();
    const list = { list: from("say", "said") };
    for (const tasks of [
      {
        say: task("say"),
        loop: task("made", { after: ["say"], parameters: list, more: over({ inputParameter: "list" }) }),
      },
      { loop: task("written", { more: over({ raw: JSON.stringify(numbers(200_000)) }) }) },
    ]) {
      const run = await hard.run(pipeline("many", parts, tasks));
      expect(run.state).toBe("failed");
      expect(hard.task(run, "loop")).toMatchObject({ reason: { code: "bad-input", subject: 200_000 } });
      expect(run.reason?.message).toMatch(/has 200,000 items; 100,000 are the most that are run\. Let each iteration/);
      expect(run.tasks.filter(({ parent: above }) => above !== null)).toEqual([]);
    }
    expect(hard.enginePeak()).toBeLessThan(300 * MB);
  });

  test("loops of 50 times 50 come to every pair once", { timeout: 60_000 }, async () => {
    const pair = { a: NUMBER, b: NUMBER };
    const both = { a: parent("a"), b: parent("b") };
    const equal = when("inputs.parameter_values['a'] == inputs.parameter_values['b']");
    const parts = {
      outer: group(
        {
          inner: task("inner", {
            parameters: { a: parent("a") },
            more: over({ raw: JSON.stringify(numbers(50)) }, "b"),
          }),
        },
        { in: { a: NUMBER } },
      ),
      inner: group({ note: task("note", { parameters: both, more: equal }) }, { in: pair }),
      note: shell('echo "$1 $2" >> "$(dirname "$HOME")/../../../noted"', { in: pair }),
    };
    const more = over({ raw: JSON.stringify(numbers(50)) }, "a");
    const run = await hard.run(pipeline("nested", parts, { outer: task("outer", { more }) }), {}, 50_000);
    expect([run.state, run.taskCounts]).toEqual(["succeeded", { succeeded: 50, skipped: 2_450 }]);
    const noted = readFileSync(join(hard.server.files.runs, "noted"), "utf8");
    expect(noted.trim().split("\n").sort()).toEqual(
      numbers(50)
        .map((n) => `${n} ${n}`)
        .sort(),
    );
    expect(hard.enginePeak()).toBeLessThan(200 * MB);
  });

  test("what nobody can read is refused at upload with its place", async () => {
    const parts = { say: shell("true"), gate: group({ say: task("say") }) };
    const syntax = pipeline("syntax", parts, {
      gate: task("gate", { more: when("inputs.parameter_values['x' == 1") }),
    });
    const words = await hard.refusal(hard.version(syntax));
    expect(words).toContain('"place":"root.dag.tasks.gate.triggerPolicy.condition"');
    expect(words).toContain('Character 29 of the condition: Expected \\"]\\", found \\"==\\".');
    const inputs = { status: { parameterType: "TASK_FINAL_STATUS" } };
    const status = await hard.refusal(hard.version(pipeline("status", parts, { say: task("say") }, { inputs })));
    expect(status).toContain('"place":"root.inputDefinitions.parameters.status"');
    expect(status).toContain("has the type TASK_FINAL_STATUS, which a run cannot give. Use another type.");
  });

  test("an exit task that fails fails the run, and the first failure is still the one that is named", async () => {
    const ending = (work: string) =>
      pipeline(
        "exit",
        { body: group({ work: task("work") }), work: shell(work), clean: shell("echo cleaning; exit 4") },
        { body: task("body"), clean: task("clean", { after: ["body"], more: ALWAYS }) },
      );
    const both = await hard.run(ending("echo working; exit 3"));
    expect([both.state, both.reason?.message]).toEqual(["failed", 'Step "work" failed: Exit code 3: working']);
    expect(hard.task(both, "clean")).toMatchObject({ state: "failed", reason: { message: "Exit code 4: cleaning" } });
    expect(both.firstFailure).toBe(hard.task(both, "body/work").id);
    const alone = await hard.run(ending("true"));
    expect([alone.state, alone.reason?.message]).toEqual(["failed", 'Step "clean" failed: Exit code 4: cleaning']);
  });

  test("what a failed try has left is not taken for the next one's", async () => {
    const script =
      'ls -A "$(dirname "$1")" "$(dirname "$2")" .; mark="$(dirname "$HOME")/../../tried"; [ -e "$mark" ] && exit; : > "$mark"; echo old | tee "$1" "$2" > here; exit 1';
    const part = shell(script, { out: { said: "STRING" }, leaves: ["data"] });
    const retryPolicy = { maxRetryCount: 1, backoffDuration: "0s" };
    const run = await hard.run(alone("again", part, { more: { retryPolicy } }));
    expect([run.state, hard.task(run, "step").attempt]).toEqual(["succeeded", 2]);
    expect(hard.log(run, "step")).not.toMatch(/said|data$|here/m);
    const { outputs, attempts } = await hard.whole(hard.task(run, "step"));
    expect(outputs).toMatchObject({ parameters: {}, artifacts: { data: [{ size: null, digest: null }] } });
    expect(attempts.map(({ state }) => state)).toEqual(["failed", "succeeded"]);
  });

  /** Starts a run of two steps, does something while the first runs, and lets it go on. */
  async function meanwhile(spec: string, change: () => Promise<unknown>, profile?: string): Promise<RunView> {
    const goOn = join(hard.server.files.runs, "go-on");
    rmSync(goOn, { force: true });
    const versionId = await hard.version(spec);
    const { id } = await hard.api.mutate<RunSummary>("runs.create", {
      versionId,
      ...(profile !== undefined && { profile }),
    });
    const isOn = async () => (await hard.api.query<StatusView>("system.status")).running > 0;
    await until("the first step to run", isOn, 10_000);
    await change();
    writeFileSync(goOn, "");
    return hard.api.finished(id, 10_000);
  }
  const wait = shell('until [ -e "$(dirname "$HOME")/../../../go-on" ]; do sleep 0.02; done');
  const twoSteps = (script: string, platform = {}) =>
    pipeline(
      "meanwhile",
      { wait, step: shell(script) },
      { wait: task("wait"), step: task("step", { after: ["wait"] }) },
      { platform },
    );

  test("a secret that is missing refuses the start; one removed meanwhile fails its step", async () => {
    const needs = (secretName: string) => ({
      step: { secretAsEnv: [{ secretName, keyToEnv: [{ secretKey: "key", envVar: "VALUE" }] }] },
    });
    expect(await hard.refusal(hard.run(twoSteps("true", needs("missing"))))).toContain(
      'it needs the secret \\"missing\\", which is not there. Add it under Secrets, then start the run.',
    );
    await hard.api.mutate("secrets.save", { name: "going", values: { key: "a value" } });
    const remove = () => hard.api.mutate("secrets.remove", { name: "going" });
    const run = await meanwhile(twoSteps("true", needs("going")), remove);
    expect(run.state).toBe("failed");
    expect(hard.task(run, "step").reason?.message).toBe(
      'The step needs the secret "going", which is not there. Add it under Secrets, then retry.',
    );
  });

  test("a volume that no process can be given refuses the start; one that is not there is not said to be removed", async () => {
    const mounts = { step: { pvcMount: [{ mountPath: "/data", constant: "nowhere" }] } };
    expect(await hard.refusal(hard.run(twoSteps("true", mounts)))).toMatch(
      /it asks for volumes \(pvcMount\), which a process cannot be given\. Choose a profile that runs containers/,
    );
    const remove = {
      component: { inputDefinitions: { parameters: { pvc_name: { parameterType: "STRING" } } } },
      executor: { container: { image: "argostub/deletepvc" } },
    };
    const run = await hard.run(alone("remove", remove, { parameters: { pvc_name: constant("nowhere") } }));
    expect([run.state, hard.log(run, "step")]).toEqual([
      "succeeded",
      "This run has no volume nowhere; nothing was removed\n",
    ]);
  });

  test("a profile removed between start and claim still holds for its run, and starts no other", async () => {
    await hard.api.mutate("profiles.save", { name: "brief", environment: { FLAVOUR: "quince" }, capacity: 1 });
    const remove = () => hard.api.mutate("profiles.remove", { name: "brief" });
    const run = await meanwhile(twoSteps("echo $FLAVOUR"), remove, "brief");
    expect([run.state, run.profile, hard.log(run, "step")]).toEqual(["succeeded", "brief", "quince\n"]);
    const again = hard.api.mutate("runs.create", { versionId: run.version.id, profile: "brief" });
    expect(await hard.refusal(again)).toContain("There is no profile named brief. Choose another one");
  });
});
