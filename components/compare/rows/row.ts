/** What a row of the table of a comparison is: ready to draw, with nothing left to decide. */
import type { TaskState } from "@/server/domain/states";
import type { SectionName } from "../compare-url";

export type Verdict = "better" | "worse" | "neutral";

/** How far a cell is from the baseline's. */
export interface Delta {
  readonly text: string;
  readonly isUp: boolean;
  readonly verdict: Verdict;
}

export interface Cell {
  readonly text: string;
  /** All of it where `text` is short, on hover. */
  readonly title: string;
  readonly href: string;
  readonly state?: TaskState;
  readonly delta?: Delta;
  /** Machine text: set in the mono face. */
  readonly isCode?: boolean;
}

export interface Row {
  readonly key: string;
  readonly section: SectionName;
  readonly name: string;
  /** What the name belongs to: a step. */
  readonly note: string | null;
  /** In the order of the runs; null where a run has nothing. */
  readonly cells: readonly (Cell | null)[];
  /** All runs agree; hidden unless asked for. */
  readonly isEqual: boolean;
  /** A metric, whose goal can be set. */
  readonly metric?: string;
}

/** Whether all of these are the same, null counting as a value of its own. */
export function areEqual(values: readonly unknown[]): boolean {
  const [first] = values;
  return values.every((value) => value === first);
}

/** Step paths are percent-encoded, segment by segment. */
export function stepWords(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
