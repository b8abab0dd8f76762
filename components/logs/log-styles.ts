/** Which colours are in force where a row begins: a terminal keeps them from line to line until they are reset. */
import { type AnsiStyle, PLAIN, parseAnsi } from "./ansi";
import type { LogWindow } from "./log-window";
import { rowText, type Segment } from "./segment";

const ESC = 27;

interface SegmentStyles {
  readonly start: AnsiStyle;
  readonly end: AnsiStyle;
  /** Rows before which the style changes, ascending, with the style from there on. */
  readonly rows: readonly number[];
  readonly styles: readonly AnsiStyle[];
}

const known = new WeakMap<Segment, SegmentStyles>();

function rowOfByte(segment: Segment, at: number): number {
  let low = 0;
  let high = segment.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segment.starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function segmentStyles(segment: Segment, start: AnsiStyle): SegmentStyles {
  const cached = known.get(segment);
  if (cached?.start === start) return cached;
  const rows: number[] = [];
  const styles: AnsiStyle[] = [];
  let style = start;
  for (let at = segment.bytes.indexOf(ESC); at >= 0; ) {
    const row = rowOfByte(segment, at);
    const { end } = parseAnsi(rowText(segment, row).text, style);
    if (end !== style) {
      rows.push(row + 1);
      styles.push(end);
      style = Object.keys(end).length === 0 ? PLAIN : end;
    }
    const next = segment.starts[row + 1];
    at = next === undefined ? -1 : segment.bytes.indexOf(ESC, next);
  }
  const result = { start, end: style, rows, styles };
  known.set(segment, result);
  return result;
}

/** The style at the beginning of a row. Before the window nothing is known: it begins plain. */
export function rowStyles(window: LogWindow): (segmentIndex: number, row: number) => AnsiStyle {
  let style = PLAIN;
  const all = window.segments.map((segment) => {
    const styles = segmentStyles(segment, style);
    style = styles.end;
    return styles;
  });
  return (segmentIndex, row) => {
    const styles = all[segmentIndex];
    if (styles === undefined) return PLAIN;
    let at = styles.rows.length - 1;
    while (at >= 0 && (styles.rows[at] ?? 0) > row) at -= 1;
    return at < 0 ? styles.start : (styles.styles[at] ?? PLAIN);
  };
}
