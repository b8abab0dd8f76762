/** Search among the rows that are held: the matches, and the one the reader stands on. */
import { useDeferredValue, useMemo, useState } from "react";
import { MAX_MATCHES, type Match, windowSearcher } from "./log-search";
import type { LogSearchState } from "./log-toolbar";
import type { LogWindow } from "./log-window";

export interface LogSearch extends LogSearchState {
  readonly setQuery: (query: string) => void;
  /** Goes to the next match below (1) or above (-1); answers its row. */
  readonly step: (direction: 1 | -1) => number | null;
  readonly matchesOf: (row: number) => readonly Match[];
  /** Which of a row's matches the reader stands on, -1 for none. */
  readonly currentOf: (row: number) => number;
}

const NONE: readonly Match[] = [];

export function useLogSearch(window: LogWindow): LogSearch {
  const [query, setQuery] = useState("");
  /** Counted from the last match, since rows come in front; -1 before the first step, which leads to the last match. */
  const [fromEnd, setFromEnd] = useState(-1);
  const wanted = useDeferredValue(query.trim());
  const search = useMemo(() => windowSearcher(wanted), [wanted]);
  const matches = useMemo(() => (wanted === "" ? NONE : search(window)), [wanted, search, window]);
  const byRow = useMemo(() => {
    const rows = new Map<number, Match[]>();
    for (const match of matches) {
      const row = rows.get(match.row);
      if (row === undefined) rows.set(match.row, [match]);
      else row.push(match);
    }
    return rows;
  }, [matches]);
  const current = matches.length === 0 || fromEnd < 0 ? -1 : Math.max(0, matches.length - 1 - fromEnd);
  const stand = matches[current];
  return {
    query,
    count: matches.length,
    current,
    isCut: matches.length >= MAX_MATCHES,
    setQuery: (next) => {
      setQuery(next);
      setFromEnd(-1);
    },
    step: (direction) => {
      if (matches.length === 0) return null;
      const next = current < 0 ? matches.length - 1 : (current + direction + matches.length) % matches.length;
      setFromEnd(matches.length - 1 - next);
      return matches[next]?.row ?? null;
    },
    matchesOf: (row) => byRow.get(row) ?? NONE,
    currentOf: (row) => (stand === undefined ? -1 : (byRow.get(row)?.indexOf(stand) ?? -1)),
  };
}
