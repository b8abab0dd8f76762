/** Changes show at once, never go back behind fresher data, and never touch what they do not speak of. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TASK_MOVES, TASK_STATES, type TaskState } from "@/server/domain/states";
import type { ChangeView } from "@/server/domain/views/changes";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { hear, layOver, NOTHING_HEARD } from "./live-overlay";

const AT = "2026-11-21T00:00:05.000Z";

const task = (id: number, state: TaskState): TaskSummary => ({
  id,
  step: `s${id}`,
  stepPath: `s${id}`,
  name: `s${id}`,
  kind: "container",
  state,
  reason: null,
  parent: null,
  iteration: null,
  iterationCount: null,
  source: null,
  createdAt: AT,
  queuedAt: null,
  retryAt: null,
  startedAt: null,
  finishedAt: null,
  attempt: 0,
});

const run = (tasks: readonly TaskSummary[]): RunView => ({
  id: "r",
  name: "r",
  description: "",
  state: "running",
  reason: null,
  pipeline: null,
  pipelineName: "p",
  version: { id: "v", number: 1 },
  experiment: { id: "e", name: "Default" },
  profile: "local",
  priority: 0,
  origin: "manual",
  clonedFrom: null,
  archivedAt: null,
  createdAt: AT,
  startedAt: AT,
  finishedAt: null,
  parameters: {},
  taskCounts: {},
  outputs: { parameters: {}, artifacts: {} },
  metrics: [],
  seriesLeftOut: false,
  tasks,
  tasksLeftOut: 0,
  loops: [],
  stepSums: [],
  notices: [],
  firstFailure: null,
  extent: { kind: "all" },
  recurringRun: null,
  tags: {},
  profileSettings: null,
  fileMode: "shared",
  stopsOnFailure: false,
  retryRequestedAt: null,
  cache: "use",
  cacheOff: [],
});

const change = (more: Partial<ChangeView>): ChangeView => ({
  id: 1,
  topic: "run",
  subject: "r",
  kind: "tasks",
  ...more,
});

describe("layOver", () => {
  it("shows a heard state with a moment of its own", () => {
    const heard = hear(NOTHING_HEARD, [change({ tasks: [{ id: 1, state: "running" }] })], AT);
    const [first, second] = layOver(run([task(1, "queued"), task(2, "queued")]), heard).tasks;
    expect(first).toMatchObject({ state: "running", startedAt: AT });
    expect(second).toEqual(task(2, "queued"));
  });

  it("ends a run that was heard to end", () => {
    const heard = hear(NOTHING_HEARD, [change({ state: "failed" })], AT);
    expect(layOver(run([]), heard)).toMatchObject({ state: "failed", finishedAt: AT });
  });

  it("forgets everything on a reset", () => {
    const heard = hear(NOTHING_HEARD, [change({ state: "failed", tasks: [{ id: 1, state: "failed" }] })], AT);
    expect(hear(heard, [change({ kind: "reset" })], AT)).toEqual(NOTHING_HEARD);
  });

  it("never leaves a terminal state", () => {
    const states = fc.constantFrom(...TASK_STATES);
    fc.assert(
      fc.property(states, states, (known, said) => {
        const heard = hear(NOTHING_HEARD, [change({ tasks: [{ id: 1, state: said }] })], AT);
        const shown = layOver(run([task(1, known)]), heard).tasks[0]?.state;
        if (TASK_MOVES[known].length === 0) expect(shown).toBe(known);
        if (TASK_MOVES[known].includes(said)) expect(shown).toBe(said);
      }),
    );
  });
});
