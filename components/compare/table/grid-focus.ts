/** Walking the table of a comparison by keyboard: one cell at a time takes part in the order of tabs. */

export interface Place {
  /** Counted from the first line under the head. */
  readonly line: number;
  /** 0 is the name of the row, 1 the first run. */
  readonly column: number;
}

export interface GridSize {
  readonly lines: number;
  readonly columns: number;
  /** Lines in view. */
  readonly page: number;
}

const within = (value: number, size: number): number => Math.min(Math.max(0, value), Math.max(0, size - 1));

const STEPS: { readonly [key: string]: (place: Place, size: GridSize) => Place } = {
  ArrowUp: ({ line, column }) => ({ line: line - 1, column }),
  ArrowDown: ({ line, column }) => ({ line: line + 1, column }),
  ArrowLeft: ({ line, column }) => ({ line, column: column - 1 }),
  ArrowRight: ({ line, column }) => ({ line, column: column + 1 }),
  PageUp: ({ line, column }, { page }) => ({ line: line - page, column }),
  PageDown: ({ line, column }, { page }) => ({ line: line + page, column }),
  Home: ({ line }) => ({ line, column: 0 }),
  End: ({ line }, { columns }) => ({ line, column: columns - 1 }),
  "mod+Home": () => ({ line: 0, column: 0 }),
  "mod+End": (_, { lines, columns }) => ({ line: lines - 1, column: columns - 1 }),
};

/** Where a key leads; null for a key that leads nowhere. */
export function nextPlace(key: string, withMod: boolean, from: Place, size: GridSize): Place | null {
  const to = STEPS[withMod ? `mod+${key}` : key]?.(from, size);
  return to === undefined ? null : { line: within(to.line, size.lines), column: within(to.column, size.columns) };
}
