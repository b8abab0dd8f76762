/** The part of a log that is held: consecutive segments that grow at both ends and are let go at the far one. */
import { indexSegment, type Segment, segmentEnd } from "./segment";

/** `prefix[i]` rows stand before segment i. */
export interface LogWindow {
  readonly segments: readonly Segment[];
  readonly prefix: readonly number[];
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  /** Number of the first row's line, from 1; null while nobody counted the lines before it. */
  readonly firstLine: number | null;
}

/** A window holds at most this much, so that scrolling through a gigabyte does not keep it. */
const MAX_WINDOW_BYTES = 12 * 1024 * 1024;
const MAX_WINDOW_ROWS = 300_000;
/** Small pieces that arrive while following are joined up to this size. */
const JOIN_BELOW = 64 * 1024;

/** A line that is still being written is copied as it grows, up to here; beyond, it goes on in a new row. */
const MAX_OPEN_LINE = 1024 * 1024;

const LF = 10;

function build(segments: readonly Segment[], start: number, firstLine: number | null): LogWindow {
  const prefix: number[] = [];
  let rows = 0;
  for (const segment of segments) {
    prefix.push(rows);
    rows += segment.starts.length;
  }
  const last = segments[segments.length - 1];
  return { segments, prefix, rows, start, end: last === undefined ? start : segmentEnd(last), firstLine };
}

export const emptyWindow = (at = 0): LogWindow => build([], at, at === 0 ? 1 : null);

/** Lines that begin in a segment. */
const linesIn = (segment: Segment): number => segment.starts.length - segment.continued.length;

/**
 * How many bytes to leave out so that a piece begins with a whole line, or, where no line ends in it, at least with a
 * whole character.
 */
function beforeWholeLine(offset: number, bytes: Uint8Array): number {
  if (offset === 0) return 0;
  const cut = bytes.indexOf(LF) + 1;
  if (cut > 0 && cut < bytes.length) return cut;
  let skip = 0;
  while (skip < bytes.length && ((bytes[skip] ?? 0) & 0xc0) === 0x80) skip += 1;
  return skip;
}

/**
 * A window over bytes read from `offset`. Bytes before the first line end are left out unless the log begins there:
 * the window starts with a whole line. Without any line end the cut line is shown as it is.
 */
export function windowFrom(offset: number, bytes: Uint8Array): LogWindow {
  const skip = beforeWholeLine(offset, bytes);
  const segment = indexSegment(offset + skip, bytes.slice(skip));
  return build(segment.bytes.length === 0 ? [] : [segment], offset + skip, offset === 0 ? 1 : null);
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** Adds bytes that follow the window; a last row without an end goes on in them. */
export function appendBytes(window: LogWindow, bytes: Uint8Array): LogWindow {
  if (bytes.length === 0) return window;
  const last = window.segments[window.segments.length - 1];
  if (last === undefined) return build([indexSegment(window.end, bytes)], window.start, window.firstLine);
  const kept = window.segments.slice(0, -1);
  if (last.bytes.length + bytes.length <= JOIN_BELOW) {
    return build([...kept, indexSegment(last.offset, joined(last.bytes, bytes))], window.start, window.firstLine);
  }
  // The last line may be unfinished: it moves, whole, to the new segment.
  const isOpen = last.bytes[last.bytes.length - 1] !== LF;
  if (!isOpen) return build([...window.segments, indexSegment(window.end, bytes)], window.start, window.firstLine);
  let row = last.starts.length - 1;
  while (row > 0 && last.continued.includes(row)) row -= 1;
  const from = last.starts[row] ?? 0;
  if (last.bytes.length - from > MAX_OPEN_LINE) {
    const next = indexSegment(window.end, bytes);
    const going = { ...next, continued: [0, ...next.continued] };
    return build([...window.segments, going], window.start, window.firstLine);
  }
  const head = last.bytes.subarray(0, from);
  const grown = indexSegment(last.offset + from, joined(last.bytes.subarray(from), bytes));
  const parts = from === 0 ? [grown] : [indexSegment(last.offset, head), grown];
  return build([...kept, ...parts], window.start, window.firstLine);
}

/** Adds bytes that end where the window begins; answers how many rows came in front. */
export function prependBytes(
  window: LogWindow,
  offset: number,
  bytes: Uint8Array,
): { readonly window: LogWindow; readonly added: number } {
  const skip = beforeWholeLine(offset, bytes);
  const segment = indexSegment(offset + skip, bytes.slice(skip));
  if (segment.bytes.length === 0) return { window, added: 0 };
  const [first, ...others] = window.segments;
  const isSplit = segment.bytes[segment.bytes.length - 1] !== LF && first !== undefined && first.continued[0] !== 0;
  const following = isSplit ? [{ ...first, continued: [0, ...first.continued] }, ...others] : window.segments;
  const firstLine = segment.offset === 0 ? 1 : window.firstLine === null ? null : window.firstLine - linesIn(segment);
  return {
    window: build([segment, ...following], segment.offset, firstLine),
    added: segment.starts.length,
  };
}

/** Lets go of whole segments at one end until the window fits; answers how many rows went at the top. */
export function trimWindow(
  window: LogWindow,
  keep: "start" | "end",
  maxBytes = MAX_WINDOW_BYTES,
): { readonly window: LogWindow; readonly removedAbove: number } {
  let { segments } = window;
  let bytes = window.end - window.start;
  let rows = window.rows;
  let removedAbove = 0;
  let firstLine = window.firstLine;
  while (segments.length > 1 && (bytes > maxBytes || rows > MAX_WINDOW_ROWS)) {
    const gone = keep === "end" ? segments[0] : segments[segments.length - 1];
    if (gone === undefined) break;
    segments = keep === "end" ? segments.slice(1) : segments.slice(0, -1);
    bytes -= gone.bytes.length;
    rows -= gone.starts.length;
    if (keep === "end") {
      removedAbove += gone.starts.length;
      if (firstLine !== null) firstLine += linesIn(gone);
    }
  }
  if (segments === window.segments) return { window, removedAbove: 0 };
  const start = keep === "end" ? (segments[0]?.offset ?? window.start) : window.start;
  return { window: build(segments, start, firstLine), removedAbove };
}

/** Where a row lives: its segment and its number inside it. */
export function findRow(
  window: LogWindow,
  row: number,
): { readonly segment: Segment; readonly row: number; readonly index: number } | null {
  if (row < 0 || row >= window.rows) return null;
  let low = 0;
  let high = window.segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((window.prefix[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const segment = window.segments[low];
  return segment === undefined ? null : { segment, row: row - (window.prefix[low] ?? 0), index: low };
}

/** Place of a row's first byte in the log. */
export function rowOffset(window: LogWindow, row: number): number {
  const found = findRow(window, row);
  return found === null ? window.end : found.segment.offset + (found.segment.starts[found.row] ?? 0);
}

/** Line number of a row: null while unknown, and for a row that goes on with the line above. */
export function lineNumber(window: LogWindow, row: number): number | null {
  const found = findRow(window, row);
  if (found === null || window.firstLine === null) return null;
  if (found.segment.continued.includes(found.row)) return null;
  let before = 0;
  for (let i = 0; i < found.index; i += 1) {
    const segment = window.segments[i];
    if (segment !== undefined) before += linesIn(segment);
  }
  return window.firstLine + before + found.row - found.segment.continued.filter((r) => r < found.row).length;
}

/** The row that begins a line, or -1 when the window does not hold it or its numbers are unknown. */
export function rowOfLine(window: LogWindow, line: number): number {
  if (window.firstLine === null) return -1;
  let first = window.firstLine;
  for (const [i, segment] of window.segments.entries()) {
    const lines = linesIn(segment);
    if (line >= first && line < first + lines) {
      let row = line - first;
      for (const continued of segment.continued) if (continued <= row) row += 1;
      return (window.prefix[i] ?? 0) + row;
    }
    first += lines;
  }
  return -1;
}

/** The row that holds a byte of the log; the nearest one when it lies outside. */
export function rowAtOffset(window: LogWindow, offset: number): number {
  let low = 0;
  let high = window.rows - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rowOffset(window, middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
