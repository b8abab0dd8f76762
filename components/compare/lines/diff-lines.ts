/** Two texts line by line: what came, what went, and a few lines around it; everything else is folded to a count. */
import { diffArrays } from "diff";

export type DiffLine =
  | { readonly kind: "same"; readonly text: string; readonly from: number; readonly to: number }
  | { readonly kind: "removed"; readonly text: string; readonly from: number }
  | { readonly kind: "added"; readonly text: string; readonly to: number }
  | { readonly kind: "folded"; readonly count: number; readonly from: number };

export interface LineDiff {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

/** Lines around a difference that are shown with it. */
const AROUND = 3;
const LONGEST_MS = 1_500;

type Told = Exclude<DiffLine, { kind: "folded" }>;

function folded(lines: readonly Told[]): DiffLine[] {
  const isNear = lines.map(() => false);
  lines.forEach((line, at) => {
    if (line.kind === "same") return;
    for (let near = Math.max(0, at - AROUND); near <= Math.min(lines.length - 1, at + AROUND); near += 1) {
      isNear[near] = true;
    }
  });
  const shown: DiffLine[] = [];
  let count = 0;
  let from = 0;
  const fold = () => {
    if (count > 0) shown.push({ kind: "folded", count, from });
    count = 0;
  };
  lines.forEach((line, at) => {
    if (isNear[at]) {
      fold();
      shown.push(line);
    } else {
      if (count === 0 && line.kind === "same") from = line.from;
      count += 1;
    }
  });
  fold();
  return shown;
}

/** `alike` says what two lines are compared by; null where the texts differ too much to be told in time. */
export function diffLines(
  before: string,
  after: string,
  alike: (line: string) => string = (line) => line,
): LineDiff | null {
  const [left, right] = [before, after].map((text) => (text === "" ? [] : text.replace(/\n$/, "").split("\n")));
  if (left === undefined || right === undefined) return null;
  const changes = diffArrays(left.map(alike), right.map(alike), { timeout: LONGEST_MS });
  if (changes === undefined) return null;
  const lines: Told[] = [];
  let [from, to, added, removed] = [0, 0, 0, 0];
  for (const change of changes) {
    for (let i = 0; i < change.value.length; i += 1) {
      if (change.removed) {
        lines.push({ kind: "removed", text: left[from] ?? "", from: from + 1 });
        removed += 1;
      } else if (change.added) {
        lines.push({ kind: "added", text: right[to] ?? "", to: to + 1 });
        added += 1;
      } else lines.push({ kind: "same", text: right[to] ?? "", from: from + 1, to: to + 1 });
      if (!change.added) from += 1;
      if (!change.removed) to += 1;
    }
  }
  return { lines: folded(lines), added, removed };
}

const MOMENT =
  /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?|\b\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g;
const ID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b0x[0-9a-f]{6,}\b/gi;
const DURATION = /\b\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds|it\/s)\b/g;

/** A line of a log without what is another one in every run: moments, ids, durations, process ids. */
export const withoutMoments = (line: string): string =>
  line
    .replace(MOMENT, "‹time›")
    .replace(ID, "‹id›")
    .replace(DURATION, "‹took›")
    .replace(/\bpid[ =:]*\d+/gi, "pid ‹n›")
    .trimEnd();
