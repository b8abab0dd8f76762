/** Rules that say which runs go into the trash by themselves, and how long the trash keeps what is in it. Pure. */
import { z } from "zod";

export const DAY_MS = 86_400_000;

/** A run with this tag is taken by no rule. */
export const KEEP_TAG = "keep";

export const ENDED_STATES = ["succeeded", "failed", "canceled"] as const;

/** Runs that ended longer ago than `afterDays`, but for the newest of their pipeline. */
export const RetentionRule = z.object({
  /** Null: runs of every pipeline. */
  pipelineId: z.string().min(1).max(64).nullable().default(null),
  /** None: whatever their end was. */
  states: z.array(z.enum(ENDED_STATES)).max(ENDED_STATES.length).default([]),
  afterDays: z.number().int().min(0, "Count whole days.").max(36_500),
  /** So many of the newest runs of each pipeline stay in any case. */
  keepNewest: z.number().int().min(0).max(10_000).default(0),
});
export type RetentionRule = z.infer<typeof RetentionRule>;

export const RetentionRules = z.array(RetentionRule).max(20, "At most 20 rules fit.");
export type RetentionRules = z.infer<typeof RetentionRules>;

export const PreviewRetentionInput = z.object({ rules: RetentionRules });
export type PreviewRetentionInput = z.infer<typeof PreviewRetentionInput>;

/** What else the trash holds beside runs, in the order in which it may go: versions go with their pipeline. */
export const DEFINITION_KINDS = ["version", "pipeline", "experiment"] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

export const PurgeDefinitionInput = z.object({ kind: z.enum(DEFINITION_KINDS), id: z.string().min(1).max(64) });
export type PurgeDefinitionInput = z.infer<typeof PurgeDefinitionInput>;

const days = (count: number): string => (count === 1 ? "1 day" : `${count.toLocaleString("en")} days`);

/** A rule as a sentence; `pipeline` is the name of its pipeline. */
export function ruleInWords({ states, afterDays, keepNewest }: RetentionRule, pipeline: string | null): string {
  const which = states.length === 0 || states.length === ENDED_STATES.length ? "Runs" : `Runs that ${either(states)}`;
  const of = pipeline === null ? "" : ` of ${pipeline}`;
  const kept = keepNewest === 0 ? "" : `, but the newest ${keepNewest.toLocaleString("en")} of each pipeline stay`;
  return `${which}${of} go into the trash ${days(afterDays)} after their end${kept}.`;
}

const WORDS = { succeeded: "succeeded", failed: "failed", canceled: "were canceled" } as const;
const either = (states: RetentionRule["states"]): string => states.map((state) => WORDS[state]).join(" or ");
