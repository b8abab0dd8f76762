/** The words of recurring runs that are stored and shown: kinds of trigger, policies, and why a slot was skipped. */

export const TRIGGER_KINDS = ["interval", "cron", "none"] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** What a due slot does while as many runs as may be are active: waits for one to end, is skipped, or cancels the older. */
export const OVERLAPS = ["wait", "skip", "cancel"] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** Which missed slots become runs after all: none of them, the latest one, or all up to a limit. */
export const CATCH_UPS = ["none", "latest", "all"] as const;
export type CatchUp = (typeof CATCH_UPS)[number];

export const SKIP_REASONS = ["overlap", "catch-up", "disabled", "edited", "deleted", "version"] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What can happen to a recurring run itself. */
export const CHANGE_KINDS = ["created", "changed", "enabled", "disabled", "deleted", "restored"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One field of an edit, in words: what it was and what it is; null for nothing. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** How many runs of one recurring run may be active at once. */
export const MAX_CONCURRENCY = 10;
/** A slot every second is the most that can be asked for. */
export const MIN_INTERVAL_MS = 1_000;
/** Ten years; what lies further apart is a one-off. */
export const MAX_INTERVAL_MS = 10 * 366 * 86_400_000;
