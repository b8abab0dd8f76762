/** Checks what a recurring run is asked to be: its source, its schedule, and whether a run of today would be accepted. */
import type { Db } from "@/db/client";
import { findExperiment } from "@/db/queries/experiment-rows";
import { findPipeline } from "@/db/queries/pipeline-rows";
import { startQueries } from "@/db/queries/run-start";
import { findVersionOf } from "@/db/queries/version-rows";
import type { JsonValue } from "@/pipelines/graph";
import { assertNever } from "@/server/domain/assert-never";
import type { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { ProblemError } from "@/server/domain/problem-error";
import { readCron } from "@/server/domain/recurrence/cron-text";
import { leastDistanceMs } from "@/server/domain/recurrence/pace";
import type { Trigger } from "@/server/domain/recurrence/schedule";
import { refusal } from "../runs/refusal";
import { checkStart } from "../runs/start-run";
import { readSetting } from "../settings/setting";

export interface Source {
  readonly pipelineKey: number | null;
  /** Null follows the latest version. */
  readonly versionKey: number | null;
  /** The version that a run of today would have. */
  readonly currentVersionId: string;
}

const invalid = (place: string, rule: string, message: string): ProblemError =>
  new ProblemError("invalid", message, [refusal(place, rule, message)]);

function latestOf(db: Db, pipelineId: string): Source {
  const pipeline = findPipeline(db, pipelineId);
  if (pipeline === undefined) throw new ProblemError("not-found", `Pipeline ${pipelineId} not found.`);
  const newest = findVersionOf(db, pipeline.key);
  if (newest === undefined) throw new ProblemError("not-found", `Pipeline ${pipelineId} has no version; not found.`);
  return { pipelineKey: pipeline.key, versionKey: null, currentVersionId: newest.id };
}

/** What its runs are made of: a pinned version, or the latest one of a pipeline. Throws `not-found` and `invalid`. */
export function sourceOf(
  db: Db,
  { versionId, pipelineId }: { readonly versionId?: string | undefined; readonly pipelineId?: string | undefined },
): Source {
  if (versionId === undefined) {
    if (pipelineId !== undefined) return latestOf(db, pipelineId);
    throw invalid("pipelineId", "source", "Name a pipeline, or one version of it.");
  }
  const version = startQueries(db).version(versionId);
  if (version === undefined) throw new ProblemError("not-found", `Version ${versionId} not found.`);
  if (pipelineId !== undefined && version.pipelineId !== pipelineId) {
    throw invalid("versionId", "source", `Version ${versionId} belongs to another pipeline.`);
  }
  return { pipelineKey: version.pipelineKey, versionKey: version.key, currentVersionId: version.id };
}

/** The key of an experiment that is there. Throws `not-found`. */
export function experimentKeyOf(db: Db, id: string): number {
  const found = findExperiment(db, id);
  if (found === undefined) throw new ProblemError("not-found", `Experiment ${id} not found.`);
  return found.key;
}

/** A trigger as it is stored, its cron read as our own forms write it. Throws `invalid`. */
export function readTrigger(trigger: CreateRecurringRunInput["trigger"], now: Date): Trigger {
  switch (trigger.kind) {
    case "interval":
      return { kind: "interval", everyMs: trigger.seconds * 1_000 };
    case "cron": {
      const read = readCron(trigger.cron, now.getTime());
      if (!read.ok) throw invalid("trigger.cron", "cron", read.message);
      return { kind: "cron", cron: read.cron };
    }
    case "none":
      return { kind: "none" };
    default:
      return assertNever(trigger);
  }
}

/** Throws `invalid` where moments would lie closer together than the installation allows. */
export function checkPace(db: Db, trigger: Trigger): void {
  const least = leastDistanceMs(trigger) / 1_000;
  const allowed = readSetting(db, "min-interval-seconds");
  if (least >= allowed) return;
  const words = `Its moments lie ${least} s apart at the closest, and this installation asks for ${allowed} s at least.`;
  throw invalid(
    trigger.kind === "cron" ? "trigger.cron" : "trigger.seconds",
    "pace",
    `${words} Choose fewer moments, or change the setting min-interval-seconds.`,
  );
}

/** Where moments are counted from: the start, else now, to the second. */
export const anchorOf = (startAt: Date | null, now: Date): number =>
  Math.floor((startAt ?? now).getTime() / 1_000) * 1_000;

/** Throws `invalid` for an end that is not after the start. */
export function checkSpan(startAt: Date | null, endAt: Date | null): void {
  if (startAt === null || endAt === null || endAt > startAt) return;
  throw invalid("endAt", "end", "The end is not after the start. Choose a later end, or none.");
}

/** Throws what a run of today would be refused with; macros are filled in as for a first slot of this moment. */
export function checkFirstRun(
  db: Db,
  now: Date,
  { currentVersionId }: Source,
  {
    parameters,
    profile,
  }: { readonly parameters: { readonly [name: string]: JsonValue } | undefined; readonly profile: string | null },
): void {
  checkStart(db, now, {
    versionId: currentVersionId,
    parameters,
    profile: profile ?? undefined,
    scheduledAt: now,
    recurring: { key: 0, index: 1, heldFor: null },
  });
}
