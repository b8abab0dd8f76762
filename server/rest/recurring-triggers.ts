/** Triggers of recurring runs as the Kubeflow API words them, in both directions. */
import type { JsonValue } from "@/pipelines/graph";
import { ProblemError } from "@/server/domain/problem-error";
import { readKubeflowCron } from "@/server/domain/recurrence/kubeflow-cron";
import type { Trigger } from "@/server/domain/recurrence/schedule";
import { MAX_INTERVAL_MS } from "@/server/domain/recurrence/words";
import { compact, type JsonObject, message, moment, text, timestamp } from "./json";

export interface GivenTrigger {
  readonly trigger: Trigger;
  readonly startAt: Date | null;
  readonly endAt: Date | null;
}

const invalid = (words: string): ProblemError => new ProblemError("invalid", words);
const isSet = (value: JsonValue | undefined): boolean => value !== undefined && value !== null;

/** An int64 field: a number or its digits; absent is 0. Throws `invalid`. */
export function int64(value: JsonValue | undefined, field: string): number {
  if (!isSet(value)) return 0;
  const isDigits = typeof value === "string" && /^-?\d{1,18}$/.test(value);
  const number = isDigits ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number)) return number;
  throw invalid(`invalid value for int64 field ${field}`);
}

/** Kubeflow's schedules know whole seconds. */
function second(value: JsonValue | undefined, field: string): Date | null {
  const at = moment(value, field);
  return at === undefined ? null : new Date(Math.floor(at.getTime() / 1_000) * 1_000);
}

function span(schedule: JsonObject): Pick<GivenTrigger, "startAt" | "endAt"> {
  return { startAt: second(schedule.start_time, "start_time"), endAt: second(schedule.end_time, "end_time") };
}

function cronTrigger(schedule: JsonObject, now: Date): GivenTrigger {
  const read = readKubeflowCron(text(schedule.cron, "cron"), now.getTime());
  if (read.ok) return { trigger: { kind: "cron", cron: read.cron }, ...span(schedule) };
  const site = "https://godoc.org/github.com/robfig/cron";
  throw invalid(`Schedule cron is not a supported format(${site}). Error: ${read.message}`);
}

function periodicTrigger(schedule: JsonObject): GivenTrigger {
  const seconds = int64(schedule.interval_second, "interval_second");
  if (seconds < 1 || seconds * 1_000 > MAX_INTERVAL_MS) {
    throw invalid(`Found invalid period schedule interval ${seconds}. Set at interval to least 1 second`);
  }
  return { trigger: { kind: "interval", everyMs: seconds * 1_000 }, ...span(schedule) };
}

/** The trigger of a request; none at all is a one-off. Throws `invalid` in Kubeflow's words. */
export function readTrigger(value: JsonValue | undefined, now: Date): GivenTrigger {
  const { cron_schedule: cron, periodic_schedule: periodic } = message(value, "trigger");
  if (isSet(cron) && isSet(periodic))
    throw invalid("A trigger has either cron_schedule or periodic_schedule, not both");
  if (isSet(cron)) return cronTrigger(message(cron, "cron_schedule"), now);
  if (isSet(periodic)) return periodicTrigger(message(periodic, "periodic_schedule"));
  return { trigger: { kind: "none" }, startAt: null, endAt: null };
}

/** A trigger as it is answered; a one-off is an empty one. */
export function triggerJson({ trigger, startAt, endAt }: GivenTrigger): JsonObject {
  const times = { start_time: timestamp(startAt), end_time: timestamp(endAt) };
  if (trigger.kind === "cron") return { cron_schedule: compact({ ...times, cron: trigger.cron }) };
  if (trigger.kind === "none") return {};
  return { periodic_schedule: compact({ ...times, interval_second: String(trigger.everyMs / 1_000) }) };
}
