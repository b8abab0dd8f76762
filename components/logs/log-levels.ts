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

const known = new WeakMap<Segment, readonly number[]>();

function errorsIn(segment: Segment): readonly number[] {
  let rows = known.get(segment);
  if (rows === undefined) {
    rows = segment.starts.flatMap((_, row) =>
      lineLevel(plainText(rowText(segment, row).text)) === "error" ? [row] : [],
    );
    known.set(segment, rows);
  }
  return rows;
}

/** Rows with errors, ascending. */
export function errorRows(window: LogWindow): readonly number[] {
  return window.segments.flatMap((segment, i) => errorsIn(segment).map((row) => row + (window.prefix[i] ?? 0)));
}
