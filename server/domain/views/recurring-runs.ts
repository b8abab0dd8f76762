/** Recurring runs and their slots as they leave the server. */
import type { JsonValue } from "@/pipelines/graph";
import type { ClockNote } from "../recurrence/clock-notes";
import type { Forecast } from "../recurrence/overlap-forecast";
import type { Spread } from "../recurrence/spread";
import type { CatchUp, ChangeKind, FieldChange, Overlap, SkipReason } from "../recurrence/words";
import type { RunState } from "../states";
import type { IsoTime, NamedRef } from "./shared";

export type TriggerView =
  | { readonly kind: "interval"; readonly seconds: number }
  /** Six fields, or `@every` with a duration. */
  | { readonly kind: "cron"; readonly cron: string }
  | { readonly kind: "none" };

export interface RecurringRunView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Ended: enabled, and nothing is due any more. */
  readonly state: "enabled" | "disabled" | "ended";
  /** Why it was disabled by itself. */
  readonly disabledReason: string | null;
  readonly pipeline: NamedRef | null;
  /** Null: the latest version of the moment. */
  readonly version: { readonly id: string; readonly number: number } | null;
  readonly experiment: NamedRef;
  readonly trigger: TriggerView;
  /** The trigger in plain words, without its zone. */
  readonly words: string;
  readonly timeZone: string;
  readonly startAt: IsoTime | null;
  readonly endAt: IsoTime | null;
  /** The next moment that is due; null while it is disabled or when it has ended. */
  readonly nextAt: IsoTime | null;
  readonly maxConcurrency: number;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  /** As they were given, with their macros. */
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly profile: string | null;
  readonly priority: number;
  readonly cache: "use" | "ignore" | null;
  /** Each of its runs is made with them. */
  readonly tags: { readonly [name: string]: string };
  /** How many slots became runs. */
  readonly runCount: number;
  readonly createdAt: IsoTime;
  readonly updatedAt: IsoTime;
}

/** One moment that became a run, or moments that were skipped together. */
export interface SlotView {
  readonly at: IsoTime;
  readonly lastAt: IsoTime;
  readonly count: number;
  readonly run: (NamedRef & { readonly state: RunState }) | null;
  readonly skipReason: SkipReason | null;
}

/** How a recurring run went lately, as lists show it. */
export interface RecurringRunSummary extends RecurringRunView {
  /** The runs made last, the newest first. */
  readonly lastRuns: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: RunState;
    readonly scheduledAt: IsoTime;
  }[];
  /** Of the last runs that are over, how many succeeded. */
  readonly success: { readonly succeeded: number; readonly ended: number };
}

/** What the last runs were like, and whether a run of today would be accepted. */
export interface RecurringFiguresView {
  /** How many runs were looked at. */
  readonly runs: number;
  readonly success: RecurringRunSummary["success"];
  /** Of runs that succeeded. */
  readonly duration: Spread | null;
  /** From the moment of a slot until its run began. */
  readonly lateness: Spread | null;
  /** The version that a run of now would have; null when there is none. */
  readonly version: { readonly id: string; readonly number: number } | null;
  /** Why a run of now would be refused. */
  readonly refusal: string | null;
}

/** A change of a recurring run. */
export interface RecurringChangeView {
  readonly at: IsoTime;
  readonly kind: ChangeKind;
  readonly changedBy: string | null;
  readonly reason: string | null;
  readonly fields: readonly FieldChange[];
}

/** A day in the chosen zone: what its slots became, and how many are to come. */
export interface SlotDayView {
  /** `2026-11-30`. */
  readonly date: string;
  /** When it begins. */
  readonly at: IsoTime;
  readonly runs: { readonly [state in RunState]?: number };
  readonly skipped: number;
  /** Its slots were too many to be counted to the end. */
  readonly isCut: boolean;
  /** Why moments were skipped that began before this day and reach into it. */
  readonly within: SkipReason | null;
  readonly upcoming: number;
}

/** What a schedule comes to, before anything is saved. */
export interface SchedulePreviewView {
  readonly words: string;
  readonly timeZone: string;
  readonly moments: readonly { readonly at: IsoTime; readonly note: ClockNote | null; readonly does: Forecast }[];
  /** The days of five weeks from today on, in its own zone. */
  readonly days: readonly { readonly date: string; readonly slots: number; readonly clockChanges: boolean }[];
  /** How many runs saving, or enabling, starts at once of moments that have passed. */
  readonly starts: number;
  /** How many passed moments it records as skipped. */
  readonly skips: number;
  /** What the forecast of overlaps goes by; null while nothing of the kind has run. */
  readonly usual: { readonly ms: number; readonly runs: number; readonly of: "recurring-run" | "pipeline" } | null;
}
