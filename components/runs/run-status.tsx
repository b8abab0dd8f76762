/** How every state looks: shape, word and colour, one row per state; nothing else in the product decides this. */
import { cn } from "@/components/ui/cn";
import type { Reason, ReasonCode } from "@/server/domain/reason";
import type { AttemptState, RunState, TaskState } from "@/server/domain/states";
import { StateIcon, type StateShape } from "./state-icon";

export type AnyState = RunState | TaskState | AttemptState;

export interface StateLook {
  readonly label: string;
  readonly shape: StateShape;
  /** Text and line colour. */
  readonly text: string;
  /** Filled area, as in bars and cells. */
  readonly fill: string;
  /** Faint background of a badge or a node. */
  readonly soft: string;
  /** Raw colour for drawings that cannot use classes. */
  readonly color: string;
}

const TONES = {
  pending: { text: "text-pending", fill: "bg-line-strong", soft: "bg-pending-soft", color: "var(--state-pending)" },
  queued: { text: "text-queued", fill: "bg-queued", soft: "bg-queued-soft", color: "var(--state-queued)" },
  running: { text: "text-running", fill: "bg-running", soft: "bg-running-soft", color: "var(--state-running)" },
  succeeded: {
    text: "text-succeeded",
    fill: "bg-succeeded",
    soft: "bg-succeeded-soft",
    color: "var(--state-succeeded)",
  },
  cached: { text: "text-cached", fill: "bg-cached", soft: "bg-cached-soft", color: "var(--state-cached)" },
  failed: { text: "text-failed", fill: "bg-failed", soft: "bg-failed-soft", color: "var(--state-failed)" },
  canceled: { text: "text-canceled", fill: "bg-canceled", soft: "bg-canceled-soft", color: "var(--state-canceled)" },
  skipped: { text: "text-skipped", fill: "bg-skipped", soft: "bg-skipped-soft", color: "var(--state-skipped)" },
} as const;

const look = (label: string, shape: StateShape, tone: keyof typeof TONES): StateLook => ({
  label,
  shape,
  ...TONES[tone],
});

export const STATE_LOOKS: { readonly [state in AnyState]: StateLook } = {
  pending: look("Pending", "pending", "pending"),
  queued: look("Queued", "queued", "queued"),
  starting: look("Starting", "queued", "running"),
  running: look("Running", "running", "running"),
  canceling: look("Canceling", "barred", "canceled"),
  succeeded: look("Succeeded", "succeeded", "succeeded"),
  cached: look("Cached", "cached", "cached"),
  failed: look("Failed", "failed", "failed"),
  canceled: look("Canceled", "barred", "canceled"),
  skipped: look("Skipped", "skipped", "skipped"),
  omitted: look("Omitted", "omitted", "skipped"),
  lost: look("Lost", "lost", "failed"),
};

/** Words for a state where its reason says more than its name. */
const WORDS: { readonly [state in AnyState]?: { readonly [code in ReasonCode]?: string } } = {
  queued: { "waiting-for-retry": "Will try again", "waiting-for-twin": "Waits for its twin" },
  failed: { timeout: "Timed out", "condition-error": "Condition failed" },
  cached: { "taken-over": "Taken over" },
};

/** `Will try again` for a queued task that failed before, `Timed out` for one that its limit ended; else the state's name. */
export const stateWords = (state: AnyState, reason: Pick<Reason, "code"> | null): string =>
  (reason === null ? undefined : WORDS[state]?.[reason.code]) ?? STATE_LOOKS[state].label;

/** Icon and word of a state; `compact` keeps the word for readers only. */
export function RunStatus({
  state,
  reason = null,
  compact = false,
  className,
}: {
  readonly state: AnyState;
  readonly reason?: Reason | null;
  readonly compact?: boolean;
  readonly className?: string;
}) {
  const { shape, text } = STATE_LOOKS[state];
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 whitespace-nowrap align-top text-sm font-medium",
        text,
        className,
      )}
    >
      <StateIcon shape={shape} />
      <span className={compact ? "sr-only" : undefined}>{stateWords(state, reason)}</span>
    </span>
  );
}
