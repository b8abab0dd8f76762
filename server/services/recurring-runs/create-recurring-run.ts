/** Makes a recurring run; the engine notices it and its first moment by itself. */
import { insertRecurringRun } from "@/db/queries/recurring-rows";
import type { JsonValue } from "@/pipelines/graph";
import { newId } from "@/server/domain/ids";
import type { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { runNameBase } from "@/server/domain/recurrence/run-name";
import { firstSlot, type Schedule, type Trigger } from "@/server/domain/recurrence/schedule";
import { localTimeZone } from "@/server/domain/recurrence/zone";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { defaultExperiment } from "../defaults";
import { write } from "../grouped-writes";
import { madeBefore, noteMade, type RequestKey, requestKey } from "../idempotency";
import {
  anchorOf,
  checkFirstRun,
  checkPace,
  checkSpan,
  experimentKeyOf,
  readTrigger,
  sourceOf,
} from "./check-recurring-run";
import { getRecurringRun, recurringRow } from "./get-recurring-run";
import { noteChange } from "./note-change";
import { storedTrigger } from "./recurring-run-view";

/** What the Kubeflow API may say beyond our own: a trigger that is read already, and fields of its runs. */
export interface NewRecurringRunRequest
  extends Omit<CreateRecurringRunInput, "trigger" | "parameters" | "startAt" | "endAt" | "idempotencyKey"> {
  readonly trigger: Trigger;
  /** Undefined: none were sent at all, which Kubeflow words differently. */
  readonly parameters: { readonly [name: string]: JsonValue } | undefined;
  readonly startAt: Date | null;
  readonly endAt: Date | null;
  readonly requestKey?: RequestKey | undefined;
  /** Who asks; null where nobody is named. */
  readonly by: string | null;
  readonly serviceAccount?: string;
  readonly pipelineRoot?: string;
  readonly pluginsInput?: { readonly [plugin: string]: JsonValue };
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Adds a recurring run whose trigger is read already. Throws `not-found`, `invalid` and `refused`. */
export async function addRecurringRun(context: Context, request: NewRecurringRunRequest): Promise<string> {
  const { startAt, endAt, trigger } = request;
  checkSpan(startAt, endAt);
  const id = newId();
  return write(context.db, (tx) => {
    const made = madeBefore(tx, "recurring-run", request.requestKey);
    if (made !== undefined) return made;
    const now = context.now();
    checkPace(tx, trigger);
    const source = sourceOf(tx, request);
    const { pipelineKey, versionKey } = source;
    const profile = request.profile ?? null;
    checkFirstRun(tx, now, source, { parameters: request.parameters, profile });
    const timeZone = request.timeZone ?? localTimeZone();
    const anchorMs = anchorOf(startAt, now);
    const schedule: Schedule = { trigger, timeZone, anchorMs, endMs: endAt?.getTime() ?? null };
    insertRecurringRun(tx, {
      id,
      name: request.name,
      description: request.description ?? "",
      pipelineKey,
      versionKey,
      experimentKey:
        request.experimentId === undefined ? defaultExperiment(tx, now).key : experimentKeyOf(tx, request.experimentId),
      isEnabled: request.isEnabled,
      ...storedTrigger(trigger),
      timeZone,
      startAt,
      endAt,
      anchorAt: new Date(anchorMs),
      nextAt: dateOf(firstSlot(schedule)),
      maxConcurrency: request.maxConcurrency,
      overlap: request.overlap,
      catchUp: request.catchUp,
      parameters: request.parameters ?? {},
      profile,
      priority: request.priority ?? 0,
      cache: request.cache ?? null,
      tags: request.tags ?? {},
      serviceAccount: request.serviceAccount ?? "",
      pipelineRoot: request.pipelineRoot ?? "",
      pluginsInput: request.pluginsInput ?? {},
      runNameBase: runNameBase(request.name, Math.random),
      createdAt: now,
      updatedAt: now,
    });
    noteMade(tx, "recurring-run", request.requestKey, id, now);
    noteChange(tx, recurringRow(tx, id).row, { kind: "created", at: now, by: request.by });
    return id;
  });
}

/** Makes a recurring run as our own forms ask for it. Throws `not-found`, `invalid` and `refused`. */
export async function createRecurringRun(
  context: Context,
  sent: CreateRecurringRunInput,
  by: string | null = null,
): Promise<RecurringRunView> {
  const { startAt, endAt, trigger, idempotencyKey, ...input } = sent;
  const id = await addRecurringRun(context, {
    ...input,
    by,
    requestKey: requestKey(idempotencyKey, { ...sent, idempotencyKey: null }),
    trigger: readTrigger(trigger, context.now()),
    startAt: startAt == null ? null : new Date(startAt),
    endAt: endAt == null ? null : new Date(endAt),
  });
  return getRecurringRun(context, id);
}
