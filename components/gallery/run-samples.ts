/** What the stories of runs are shown with. */
import type { JsonValue } from "@/pipelines/graph";
import { REASON_CODES, type Reason } from "@/server/domain/reason";
import { TASK_STATES, type TaskState } from "@/server/domain/states";
import type { AttemptView } from "@/server/domain/views/attempts";
import type { CellView } from "@/server/domain/views/cells";
import type { QueuePlaceView } from "@/server/domain/views/queue";
import type { RunPlanView, StepPlanView } from "@/server/domain/views/run-plan";
import type { EnvironmentView } from "@/server/domain/views/surroundings";
import type { TaskSummary } from "@/server/domain/views/tasks";

const AT = "2026-01-02T03:04:05.000Z";
const LATER = "2026-01-02T03:04:17.500Z";

const planned = (step: string, does: StepPlanView["does"], why: string): StepPlanView => ({
  step,
  name: step.split("/").at(-1) ?? step,
  kind: step === "sweep" ? "loop" : "container",
  does,
  why,
  source: does === "reuse" ? { runId: "r", runName: "churn-240", task: 1 } : null,
});

export const SAMPLE_PLAN: Pick<RunPlanView, "steps"> = {
  steps: [
    planned("load", "reuse", "Nothing changed since the last run."),
    planned("train", "run", "The input lr changed."),
    planned("sweep", "unknown", "How often it runs shows when it is reached."),
    planned("sweep/score", "unknown", "It lies in the loop."),
    planned("report", "keep", "It succeeded; its result is kept."),
    planned("publish", "leave-out", "Nothing needs it."),
  ],
};

type Why = Pick<TaskSummary, "id" | "state" | "reason" | "source" | "retryAt">;

/** The state that a reason is mostly met in; a failure where nothing else is said. */
const STATE_OF: { readonly [code in Reason["code"]]?: TaskState } = {
  "waiting-for-disk": "pending",
  "waiting-for-retry": "queued",
  "waiting-for-twin": "pending",
  "waiting-for-slot": "pending",
  overlap: "pending",
  "condition-false": "skipped",
  "cache-hit": "cached",
  "taken-over": "cached",
  "upstream-failed": "omitted",
  "upstream-skipped": "omitted",
  "upstream-canceled": "omitted",
  "canceled-by-user": "canceled",
  "run-canceled": "canceled",
  "stopped-on-failure": "canceled",
};

const SUBJECTS: { readonly [code in Reason["code"]]?: JsonValue } = {
  "condition-false": {
    condition: "inputs.parameter_values['pipelinechannel--flip-coin-Output'] == 'heads'",
    values: { "pipelinechannel--flip-coin-Output": "tails" },
  },
  "waiting-for-twin": { run: "other", task: 2, step: "load" },
};

const MESSAGE = "The engine's own words: what happened, to what, and how to mend it.";

/** One for every reason, and one for every state that stands without. */
export const SAMPLE_WHYS: readonly Why[] = [
  ...REASON_CODES.map((code, at) => ({
    id: at,
    state: STATE_OF[code] ?? "failed",
    reason: { code, message: MESSAGE, subject: SUBJECTS[code] ?? null },
    source: code === "cache-hit" ? { task: 1, step: "load", runId: "other", runName: "churn-240" } : null,
    retryAt: code === "waiting-for-retry" ? LATER : null,
  })),
  ...TASK_STATES.filter((state) => state !== "queued").map((state, at) => ({
    id: 1_000 + at,
    state,
    reason: null,
    source: null,
    retryAt: null,
  })),
];

const holder = { task: 1, step: "train", runId: "other", runName: "churn-240", startedAt: AT };

export const SAMPLE_PLACES: readonly QueuePlaceView[] = [
  {
    limit: { kind: "engine", slots: 2 },
    used: 2,
    priority: 0,
    waiting: 14,
    higher: 1,
    ahead: 3,
    experiments: 2,
    holders: [holder],
    isEngineAlive: true,
  },
  {
    limit: { kind: "profile", name: "gpu", slots: 1 },
    used: 1,
    priority: 5,
    waiting: 1,
    higher: 0,
    ahead: 0,
    experiments: 1,
    holders: [holder],
    isEngineAlive: true,
  },
];

const attempt = (number: number, state: AttemptView["state"], more: Partial<AttemptView>): AttemptView => ({
  number,
  state,
  reason: null,
  exitCode: null,
  createdAt: AT,
  startedAt: AT,
  finishedAt: LATER,
  pid: null,
  cpuMs: null,
  peakBytes: null,
  bytesIn: null,
  bytesOut: null,
  logSize: 4_200,
  command: null,
  ...more,
});

export const SAMPLE_ATTEMPTS: readonly AttemptView[] = [
  attempt(1, "failed", {
    exitCode: 3,
    reason: { code: "exit-code", message: "Exit code 3: ValueError: quince", subject: 3 },
  }),
  attempt(2, "succeeded", { exitCode: 0, cpuMs: 9_300, peakBytes: 104_857_600, bytesIn: 52_000, bytesOut: 1_800_000 }),
];

const cell = (index: number, state: CellView["state"], source: string, more: Partial<CellView> = {}): CellView => ({
  index,
  type: "code",
  sourceHash: "",
  source,
  state,
  startedAt: state === "pending" || state === "not-run" ? null : AT,
  finishedAt: state === "succeeded" || state === "failed" ? LATER : null,
  outputs: [],
  isCut: false,
  error: null,
  ...more,
});

export const SAMPLE_CELLS: readonly CellView[] = [
  cell(0, "succeeded", "# Churn", { type: "markdown" }),
  cell(1, "succeeded", "load()", { outputs: [{ output_type: "stream", name: "stdout", text: "120 rows\n" }] }),
  cell(2, "running", "train()", { isCut: true }),
  cell(3, "failed", "raise ValueError('quince')", {
    error: { name: "ValueError", value: "quince", traceback: "Cell In[3], line 1\nValueError: quince" },
  }),
  cell(4, "not-run", "publish()"),
  cell(5, "pending", "report()"),
];

export const SAMPLE_CLASSIFICATION: { readonly [key: string]: JsonValue } = {
  confusionMatrix: {
    annotationSpecs: [{ displayName: "setosa" }, { displayName: "versicolor" }, { displayName: "virginica" }],
    rows: [{ row: [38, 0, 0] }, { row: [1, 31, 4] }, { row: [0, 6, 30] }],
  },
  confidenceMetrics: [
    { confidenceThreshold: 2, recall: 0, falsePositiveRate: 0 },
    { confidenceThreshold: 0.9, recall: 0.4, falsePositiveRate: 0.02 },
    { confidenceThreshold: 0.6, recall: 0.8, falsePositiveRate: 0.1 },
    { confidenceThreshold: 0.2, recall: 0.95, falsePositiveRate: 0.4 },
    { confidenceThreshold: 0, recall: 1, falsePositiveRate: 1 },
  ],
};

const environment = (key: string, more: Partial<EnvironmentView>): EnvironmentView => ({
  key,
  state: "ready",
  python: "Python 3.11.9",
  lines: [
    ["kfp==2.13.0", "--no-deps"],
    ["pandas", "scikit-learn==1.5"],
  ],
  size: 412_000_000,
  createdAt: AT,
  lastUsedAt: AT,
  isInUse: false,
  problem: null,
  ...more,
});

export const SAMPLE_ENVIRONMENTS: readonly EnvironmentView[] = [
  environment("0f0f", {}),
  environment("1a1a", { isInUse: true }),
  environment("2b2b", { state: "building", size: null, lastUsedAt: null }),
  environment("3c3c", { state: "failed", size: 1_200, problem: "No matching distribution found for pandsa." }),
];
