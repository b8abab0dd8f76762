/** The command's JSON exactly as the design promises it to scripts: nothing missing, nothing more. */
import { z } from "zod";
import { ATTEMPT_STATES, RUN_STATES, TASK_STATES, VERSION_STATES } from "@/server/domain/states";

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
