/** Which rows hide what lies in them: long loops at first, then whatever the reader folds; never the row that is open. */
import { useCallback, useMemo, useState } from "react";
import { type RunRow, unfoldedRows } from "./run-rows";

/** A loop with more iterations opens as one row. */
const SHORT_LOOP = 5;

/** Paths of the loops whose iterations do not all fit in view. */
const longLoops = (rows: readonly RunRow[]): ReadonlySet<string> =>
  new Set(rows.filter((row) => (row.iterationCount ?? 0) > SHORT_LOOP).map((row) => row.path));

/** Long loops open as one row, and their iterations as one row each. */
const isFoldedAtFirst = (row: RunRow, long: ReadonlySet<string>): boolean =>
  long.has(row.iteration === null ? row.path : row.path.slice(0, row.path.lastIndexOf("/")));

export interface Folding {
  /** Rows in view. */
  readonly rows: readonly RunRow[];
  readonly isFolded: (row: RunRow) => boolean;
  readonly fold: (row: RunRow, isFolded: boolean) => void;
}

export function useFolding(rows: readonly RunRow[], open: RunRow | null): Folding {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const openPath = open?.path ?? null;
  const long = useMemo(() => longLoops(rows), [rows]);
  const isFolded = useCallback(
    (row: RunRow) => {
      const holdsOpen = openPath?.startsWith(`${row.path}/`) === true;
      return row.isGroup && (chosen.get(row.key) ?? (isFoldedAtFirst(row, long) && !holdsOpen));
    },
    [chosen, openPath, long],
  );
  const fold = useCallback(
    (row: RunRow, folds: boolean) => setChosen((before) => new Map(before).set(row.key, folds)),
    [],
  );
  const shown = useMemo(() => unfoldedRows(rows, isFolded), [rows, isFolded]);
  return { rows: shown, isFolded, fold };
}
