/** The command's JSON exactly as the design promises it to scripts: nothing missing, nothing more. */
import { z } from "zod";
import { ATTEMPT_STATES, RUN_STATES, TASK_STATES, VERSION_STATES } from "@/server/domain/states";
import { FILE_MODES } from "@/server/domain/views/runs";

const moment = z.iso.datetime().nullable();
const named = z.strictObject({ id: z.string(), name: z.string() });
const reason = z.strictObject({ code: z.string(), message: z.string(), subject: z.json() }).nullable();
const parameters = z.record(z.string(), z.json());

const Artifact = z.strictObject({
  id: z.int(),
  name: z.string(),
  type: z.string(),
  path: z.string().nullable(),
  size: z.int().nullable(),
  digest: z.string().nullable(),
  metadata: parameters,
});

const values = z.strictObject({ parameters, artifacts: z.record(z.string(), z.array(Artifact)) });

const Attempt = z.strictObject({
  number: z.int(),
  state: z.enum(ATTEMPT_STATES),
  reason,
  exitCode: z.int().nullable(),
  startedAt: moment,
  finishedAt: moment,
});

const Task = z.strictObject({
  id: z.int(),
  step: z.string(),
  name: z.string(),
  kind: z.string(),
  state: z.enum(TASK_STATES),
  reason,
  parent: z.int().nullable(),
  iteration: z.int().nullable(),
  createdAt: moment,
  startedAt: moment,
  finishedAt: moment,
  inputs: values,
  outputs: values,
  attempts: z.array(Attempt),
});

/** A run in a list, and of a `submit` that does not wait. */
export const RunItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(RUN_STATES),
  reason,
  pipeline: named.nullable(),
  version: z.strictObject({ id: z.string(), number: z.int() }),
  experiment: named,
  profile: z.string(),
  origin: z.string(),
  createdAt: moment,
  startedAt: moment,
  finishedAt: moment,
  parameters,
});

export const WholeRun = RunItem.extend({
  outputs: values,
  metrics: z.array(z.strictObject({ name: z.string(), value: z.number(), index: z.int().nullable() })),
  tasks: z.array(Task),
});

export const Submitted = z.strictObject({
  run: z.union([WholeRun, RunItem]).nullable(),
  pipeline: named,
  version: z.strictObject({
    id: z.string(),
    number: z.int(),
    state: z.enum(VERSION_STATES),
    missing: z.array(z.string()),
  }),
});

export const Errors = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(1),
    problems: z.array(
      z.strictObject({ severity: z.string(), place: z.string(), rule: z.string(), message: z.string() }),
    ),
  }),
});

/** A list of any of these. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

export const VersionItem = z.strictObject({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  description: z.string(),
  state: z.enum(VERSION_STATES),
  format: z.string(),
  createdAt: moment,
  digest: z.string(),
  stepCount: z.int(),
  missing: z.array(z.string()),
});

export const PipelineItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  fileMode: z.enum(FILE_MODES),
  cache: z.enum(["use", "ignore"]),
  createdAt: moment,
  updatedAt: moment,
  latestVersion: VersionItem.nullable(),
  lastRun: z.strictObject({ id: z.string(), state: z.enum(RUN_STATES), createdAt: moment }).nullable(),
  runCount: z.int(),
});

export const Uploaded = Submitted.omit({ run: true });

export const ExperimentItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  isDefault: z.boolean(),
  createdAt: moment,
  archivedAt: moment,
  lastRunAt: moment,
  runCounts: z.partialRecord(z.enum(RUN_STATES), z.int()),
});

export const ArtifactItem = Artifact.extend({
  createdAt: moment,
  run: named,
  task: z.strictObject({ id: z.int(), name: z.string(), step: z.string() }),
});

/** What is done to several runs at once. */
export const Bulk = z.strictObject({
  done: z.array(z.string()),
  failed: z.array(z.strictObject({ run: z.string(), message: z.string().min(1) })),
});
