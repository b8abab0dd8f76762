/** A piece of a log as bytes with the places where its rows begin; rows are decoded only when they are shown. */

const LF = 10;
const CR = 13;

/** A row is cut here when its text goes on without an end: no single line may stop the page. */
export const MAX_ROW_BYTES = 16 * 1024;

export interface Segment {
  /** Place of the first byte in the log. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Where each row begins, relative to `bytes`; the last row may still grow. */
  readonly starts: readonly number[];
  /** Rows that go on with the line of the row before, ascending. */
  readonly continued: readonly number[];
}

export const segmentEnd = (segment: Segment): number => segment.offset + segment.bytes.length;

/** Moves a cut back so that it does not fall inside a UTF-8 sequence. */
function characterStart(bytes: Uint8Array, at: number): number {
  for (let i = at; i > at - 4 && i > 0; i -= 1) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return i;
  return at;
}

/**
 * Finds the rows. A progress bar that rewrites itself with `\r` is one row however long it grows, because only what
 * stands after the last `\r` counts against the limit.
 */
export function indexSegment(offset: number, bytes: Uint8Array): Segment {
  const starts: number[] = bytes.length > 0 ? [0] : [];
  const continued: number[] = [];
  let visible = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === LF) {
      visible = at + 1;
      if (at + 1 < bytes.length) starts.push(at + 1);
    } else if (byte === CR) visible = at + 1;
    else if (at - visible >= MAX_ROW_BYTES) {
      const cut = Math.max(visible + 1, characterStart(bytes, at));
      continued.push(starts.length);
      starts.push(cut);
      visible = cut;
    }
  }
  return { offset, bytes, starts, continued };
}

/** Bytes of one row without its line end; whether a line end was there. */
function rowBytes(segment: Segment, row: number): { readonly bytes: Uint8Array; readonly isEnded: boolean } {
  const from = segment.starts[row] ?? 0;
  let to = segment.starts[row + 1] ?? segment.bytes.length;
  const isEnded = to > from && segment.bytes[to - 1] === LF;
  if (isEnded) to -= 1;
  return { bytes: segment.bytes.subarray(from, to), isEnded };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour
const SGR = /\x1b\[[0-9;:]*m/g;

/**
 * What a terminal shows in the end of a line that rewrites itself: the text after the last `\r` that something follows.
 * Colours set before stay in force, as they do in a terminal. `updates` counts the texts that were overwritten.
 */
export function collapseReturns(line: string): { readonly text: string; readonly updates: number } {
  const end = line.replace(/\r+$/, "");
  const last = end.lastIndexOf("\r");
  if (last < 0) return { text: end, updates: 0 };
  const before = end.slice(0, last);
  const colours = before.match(SGR)?.join("") ?? "";
  const updates = before.split("\r").filter((part) => part !== "").length;
  return { text: colours + end.slice(last + 1), updates };
}

/** Bytes of a rewritten line that are worth decoding: a day of progress bars is megabytes, its end is what is shown. */
const MAX_DECODED = 256 * 1024;

/** Text of one row as it is shown, escapes included. */
export function rowText(segment: Segment, row: number): { readonly text: string; readonly updates: number } {
  const { bytes } = rowBytes(segment, row);
  const shown = bytes.length > MAX_DECODED ? bytes.subarray(characterStart(bytes, bytes.length - MAX_DECODED)) : bytes;
  return collapseReturns(decoder.decode(shown));
}
