/** The states of runs, tasks and attempts and the moves between them, as tables that everything else derives from. */

export const RUN_STATES = ["pending", "running", "canceling", "succeeded", "failed", "canceled"] as const;
export type RunState = (typeof RUN_STATES)[number];

export const TASK_STATES = [
  "pending",
  "queued",
  "running",
  "canceling",
  "succeeded",
  "cached",
  "skipped",
  "omitted",
  "failed",
  "canceled",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const ATTEMPT_STATES = ["starting", "running", "succeeded", "failed", "canceled", "lost"] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

export const VERSION_STATES = ["runnable", "incomplete"] as const;
export type VersionState = (typeof VERSION_STATES)[number];

type Moves<S extends string> = { readonly [state in S]: readonly S[] };

export const RUN_MOVES: Moves<RunState> = {
  pending: ["running", "canceled"],
  running: ["canceling", "succeeded", "failed"],
  canceling: ["canceled", "failed"],
  succeeded: [],
  failed: [],
  canceled: [],
};

export const TASK_MOVES: Moves<TaskState> = {
  pending: ["queued", "running", "cached", "skipped", "omitted", "failed", "canceled"],
  queued: ["running", "failed", "canceled"],
  running: ["succeeded", "failed", "canceling", "queued"],
  canceling: ["canceled", "failed"],
  succeeded: [],
  cached: [],
  skipped: [],
  omitted: [],
  failed: [],
  canceled: [],
};

/** The one door out of a terminal state: a retry of the run. */
export const RUN_RETRY_MOVES: Moves<RunState> = {
  pending: [],
  running: [],
  canceling: [],
  succeeded: [],
  failed: ["pending", "running"],
  canceled: ["pending", "running"],
};

/** What a retry reopens: besides what did not succeed also what waited for it and what lies around it. */
export const TASK_RETRY_MOVES: Moves<TaskState> = {
  pending: [],
  queued: [],
  running: [],
  canceling: [],
  succeeded: ["pending"],
  cached: ["pending"],
  skipped: ["pending"],
  omitted: ["pending"],
  failed: ["pending"],
  canceled: ["pending"],
};

export const ATTEMPT_MOVES: Moves<AttemptState> = {
  starting: ["running", "failed", "canceled", "lost"],
  running: ["succeeded", "failed", "canceled", "lost"],
  succeeded: [],
  failed: [],
  canceled: [],
  lost: [],
};

function terminalStates<S extends string>(moves: Moves<S>): ReadonlySet<string> {
  return new Set((Object.entries(moves) as [S, readonly S[]][]).filter(([, to]) => to.length === 0).map(([s]) => s));
}

const terminalRuns = terminalStates(RUN_MOVES);
const terminalTasks = terminalStates(TASK_MOVES);
const terminalAttempts = terminalStates(ATTEMPT_MOVES);

/** Whether a run in this state is over. */
export const isRunOver = (state: RunState): boolean => terminalRuns.has(state);
/** Whether a task in this state is over. */
export const isTaskOver = (state: TaskState): boolean => terminalTasks.has(state);
/** Whether an attempt in this state is over. */
export const isAttemptOver = (state: AttemptState): boolean => terminalAttempts.has(state);
