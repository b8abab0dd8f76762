/** Finds a text in the rows that are held; escapes and overwritten progress do not count. */
import { type AnsiSpan, plainText } from "./ansi";
import type { LogWindow } from "./log-window";
import { rowText, type Segment } from "./segment";

export interface Match {
  readonly row: number;
  /** Columns in the row's plain text. */
  readonly from: number;
  readonly to: number;
}

/** More matches than these are counted as "more". */
export const MAX_MATCHES = 10_000;

const decoder = new TextDecoder();

/** Columns of every match in a text, without regard to case. */
export function findInText(text: string, query: string): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  const haystack = text.toLowerCase();
  const needle = query.toLowerCase();
  if (needle === "") return found;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
    found.push({ from: at, to: at + needle.length });
  }
  return found;
}

/** Whether it is worth reading the rows: false only when no row can hold the text. */
export function mayHold(segment: Segment, query: string): boolean {
  if (segment.bytes.includes(27)) return true;
  return decoder.decode(segment.bytes).toLowerCase().includes(query.toLowerCase());
}

/** Matches of one segment, rows counted from its first. */
function searchSegment(segment: Segment, query: string): readonly Match[] {
  if (query === "" || !mayHold(segment, query)) return [];
  const matches: Match[] = [];
  for (let row = 0; row < segment.starts.length && matches.length < MAX_MATCHES; row += 1) {
    for (const { from, to } of findInText(plainText(rowText(segment, row).text), query))
      matches.push({ row, from, to });
  }
  return matches;
}

/** A searcher that remembers what it found in segments that did not change. */
export function windowSearcher(query: string): (window: LogWindow) => readonly Match[] {
  const known = new WeakMap<Segment, readonly Match[]>();
  return (window) => {
    const all: Match[] = [];
    window.segments.forEach((segment, i) => {
      let matches = known.get(segment);
      if (matches === undefined) {
        matches = searchSegment(segment, query);
        known.set(segment, matches);
      }
      const before = window.prefix[i] ?? 0;
      for (const match of matches) if (all.length < MAX_MATCHES) all.push({ ...match, row: match.row + before });
    });
    return all;
  };
}

export interface MarkedSpan extends AnsiSpan {
  /** Index of the match among those given, -1 outside all. */
  readonly mark: number;
}

/** Cuts spans at the borders of matches. Matches are ascending and do not overlap. */
export function markSpans(
  spans: readonly AnsiSpan[],
  matches: readonly { readonly from: number; readonly to: number }[],
): readonly MarkedSpan[] {
  if (matches.length === 0) return spans.map((span) => ({ ...span, mark: -1 }));
  const marked: MarkedSpan[] = [];
  let column = 0;
  for (const span of spans) {
    let at = 0;
    const end = column + span.text.length;
    const push = (to: number, mark: number) => {
      if (to > at) marked.push({ ...span, text: span.text.slice(at, to), mark });
      at = Math.max(at, to);
    };
    matches.forEach((match, i) => {
      if (match.to <= column || match.from >= end) return;
      push(Math.max(0, match.from - column), -1);
      push(Math.min(span.text.length, match.to - column), i);
    });
    push(span.text.length, -1);
    column = end;
  }
  return marked;
}
