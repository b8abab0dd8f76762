/** Every reason that the engine can give, and every state that does not explain itself, has words. */
import { describe, expect, it } from "vitest";
import type { PipelineGraph } from "@/pipelines/graph";
import { REASON_CODES } from "@/server/domain/reason";
import { RUN_STATES, TASK_STATES } from "@/server/domain/states";
import { REASON_WORDS, STANDING_WORDS } from "./reason-words";
import { awaitedBy, standingOf, whyOf } from "./why-model";

const RUN = { state: "running", extent: { kind: "all" } } as const;
const SENTENCE = /^[A-Z].*\.$/s;

describe("the words", () => {
  it.each(REASON_CODES)("%s: a head of its own, and whole sentences", (code) => {
    const { head, then } = REASON_WORDS[code];
    expect(head).toMatch(/^[A-Z].*[^.]$/);
    expect(REASON_CODES.filter((other) => REASON_WORDS[other].head === head)).toEqual([code]);
    if (then !== null) expect(then).toMatch(SENTENCE);
    expect(whyOf(RUN, { state: "failed", reason: { code, message: "As it was.", subject: null } })).toEqual({
      head,
      then,
      message: "As it was.",
    });
  });

  it("says nothing of a step that runs or succeeded, and something of every other state, with a task or without", () => {
    const silent = TASK_STATES.filter((state) => whyOf(RUN, { state, reason: null }) === null);
    expect(silent).toEqual(["running", "succeeded"]);
    expect(RUN_STATES.map((state) => standingOf({ ...RUN, state }))).toEqual([
      "not-reached",
      "not-reached",
      "not-reached",
      "ended-without",
      "ended-without",
      "ended-without",
    ]);
    expect(standingOf({ state: "succeeded", extent: { kind: "up-to", step: "a" } })).toBe("left-out");
    for (const words of Object.values(STANDING_WORDS)) {
      if (words?.then) expect(words.then).toMatch(SENTENCE);
    }
  });
});

const step = (path: string, parent: string | null, dependsOn: readonly string[]) => ({
  path,
  name: path.split("/").at(-1),
  parent,
  dependsOn,
});
const GRAPH = {
  steps: [
    step("load", null, []),
    step("loop", null, ["load"]),
    step("loop/fit", "loop", []),
    step("loop/score", "loop", ["loop/fit"]),
  ],
} as unknown as PipelineGraph;

const task = (id: number, path: string, state: (typeof TASK_STATES)[number]) =>
  ({ id, step: path, name: path.split("/").at(-1), state }) as never;

describe("what a step waits for", () => {
  it("is what it and its groups depend on and is not over, of its own iteration", () => {
    const run = { tasksLeftOut: 0, tasks: [task(1, "load", "succeeded"), task(2, "loop/[1]/fit", "running")] };
    expect(awaitedBy(run, GRAPH, { path: "loop/[1]/score", stepPath: "loop/score" })).toEqual([
      { path: "loop/[1]/fit", name: "fit", state: "running", task: 2 },
    ]);
    expect(awaitedBy({ ...run, tasks: [] }, GRAPH, { path: "loop/score", stepPath: "loop/score" })).toEqual([
      { path: "loop/fit", name: "fit", state: null, task: null },
      { path: "load", name: "load", state: null, task: null },
    ]);
  });

  it("names nothing that the page was not told of", () => {
    const run = { tasksLeftOut: 9, tasks: [task(1, "load", "running")] };
    expect(awaitedBy(run, GRAPH, { path: "loop/[7]/score", stepPath: "loop/score" }).map(({ name }) => name)).toEqual([
      "load",
    ]);
  });
});
