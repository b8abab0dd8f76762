/** The arithmetic of the timeline: what span it shows, where ticks stand, where a row's bar begins and ends. */
import { formatDuration } from "@/components/ui/format-time";
import type { RunRow } from "./run-rows";

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Bar {
  /** Shares of the whole span, 0 to 1. */
  readonly waitFrom: number;
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
}

/** A share of the width as style sheets take it. */
export const percent = (share: number): string => `${share * 100}%`;

const at = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** From the first moment of the run to its last, or to now while it goes on. At least 1 ms wide. */
export function timelineSpan(run: { createdAt: string; finishedAt: string | null }, nowMs: number): Span {
  // Waiting is part of the picture: steps are queued, and groups opened, before the first one starts.
  const fromMs = Date.parse(run.createdAt);
  const toMs = at(run.finishedAt) ?? Math.max(nowMs, fromMs);
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}

/** Where a row's bar lies; null for what has not even been queued. */
export function rowBar(
  row: Pick<RunRow, "queuedAt" | "startedAt" | "finishedAt">,
  span: Span,
  nowMs: number,
): Bar | null {
  const started = at(row.startedAt);
  const finished = at(row.finishedAt);
  const queued = at(row.queuedAt) ?? started;
  if (queued === null) return null;
  const end = finished ?? Math.min(Math.max(nowMs, queued), Math.max(span.toMs, queued));
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - span.fromMs) / (span.toMs - span.fromMs)));
  return {
    waitFrom: share(queued),
    from: share(Math.min(started ?? end, end)),
    to: share(end),
    isOpen: finished === null,
  };
}

/** The share of the width that a duration in words may take, also on a phone. */
const WORDS = 0.2;

/** Where the words of a bar find room: behind it, before it or its waiting, else within it at its end. */
export function textPlace(bar: Bar): { readonly side: "left" | "right" | "within"; readonly at: number } {
  if (bar.to <= 1 - WORDS) return { side: "right", at: bar.to };
  if (bar.waitFrom >= WORDS) return { side: "left", at: bar.waitFrom };
  return bar.from >= WORDS ? { side: "left", at: bar.from } : { side: "within", at: bar.to };
}

/** Where a step would end if it took as long as usual, as a share of the span; null for what has not started. */
export function expectedEnd(row: Pick<RunRow, "startedAt">, expectedMs: number | undefined, span: Span): number | null {
  const started = at(row.startedAt);
  if (started === null || expectedMs === undefined) return null;
  return Math.min(1, (started + expectedMs - span.fromMs) / (span.toMs - span.fromMs));
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Round moments since the start, at most `most` of them. */
export function timelineTicks(span: Span, most: number): readonly { readonly share: number; readonly label: string }[] {
  const length = span.toMs - span.fromMs;
  const day = 86_400_000;
  const step = STEPS_MS.find((ms) => length / ms <= most) ?? Math.ceil(length / most / day) * day;
  const ticks: { share: number; label: string }[] = [];
  for (let ms = 0; ms <= length; ms += step)
    ticks.push({ share: ms / length, label: ms === 0 ? "0" : formatDuration(ms) });
  return ticks;
}
