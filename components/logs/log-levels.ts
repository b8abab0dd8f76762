/** Which rows speak of trouble, by the marks that loggers and interpreters really print. */
import { plainText } from "./ansi";
import type { LogWindow } from "./log-window";
import { rowText, type Segment } from "./segment";

export type Level = "error" | "warning";

const ERROR =
  /(?:^|[\s[(|])(?:ERROR|FATAL|CRITICAL|E\d{4})(?:[\s\]:)|]|$)|\b[A-Z]\w*(?:Error|Exception)(?::|$)|^Traceback \(most recent|^(?:error|fatal|panic)(?:\[\w+\])?:|: command not found$|: No such file or directory$|^Killed$|Segmentation fault/;
const WARNING = /(?:^|[\s[(|])(?:WARN|WARNING|W\d{4})(?:[\s\]:)|]|$)|\b\w*Warning:|^warning:/;

/** What a line says about itself; null for most. */
export function lineLevel(text: string): Level | null {
  if (ERROR.test(text)) return "error";
  return WARNING.test(text) ? "warning" : null;
}

export const LEVELS = ["error", "warning"] as const satisfies readonly Level[];

/** Rows that speak of trouble, ascending, by their level. */
export type LevelRows = { readonly [level in Level]: readonly number[] };

const known = new WeakMap<Segment, LevelRows>();

function levelsIn(segment: Segment): LevelRows {
  const cached = known.get(segment);
  if (cached !== undefined) return cached;
  const rows: { [level in Level]: number[] } = { error: [], warning: [] };
  for (let row = 0; row < segment.starts.length; row += 1) {
    const level = lineLevel(plainText(rowText(segment, row).text));
    if (level !== null) rows[level].push(row);
  }
  known.set(segment, rows);
  return rows;
}

export function levelRows(window: LogWindow): LevelRows {
  const rowsOf = (level: Level) =>
    window.segments.flatMap((segment, i) => levelsIn(segment)[level].map((row) => row + (window.prefix[i] ?? 0)));
  return { error: rowsOf("error"), warning: rowsOf("warning") };
}

/** The rows of the chosen levels, ascending; null for every row. */
export function chosenRows(rows: LevelRows, levels: readonly Level[]): readonly number[] | null {
  if (levels.length === 0) return null;
  return levels.flatMap((level) => rows[level]).sort((a, b) => a - b);
}
