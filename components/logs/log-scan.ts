/** Reads a whole log once, as a stream: to count lines, to find a line, or to find a text. Keeps nothing but the answer. */
import { plainText } from "./ansi";
import { findInText, mayHold } from "./log-search";
import { indexSegment, rowText } from "./segment";

const LF = 10;

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}

/** How many line ends stand before `offset`. */
export async function countLines(pieces: AsyncIterable<Uint8Array>, offset: number): Promise<number> {
  let at = 0;
  let lines = 0;
  if (offset === 0) return 0;
  for await (const bytes of pieces) {
    const part = at + bytes.length > offset ? bytes.subarray(0, offset - at) : bytes;
    lines += newlines(part);
    at += bytes.length;
    if (at >= offset) break;
  }
  return lines;
}

/** Where a line (from 1) begins; null when the log has fewer. */
export async function findLine(pieces: AsyncIterable<Uint8Array>, line: number): Promise<number | null> {
  if (line <= 1) return 0;
  let at = 0;
  let left = line - 1;
  for await (const bytes of pieces) {
    const here = newlines(bytes);
    if (here >= left) {
      let place = -1;
      for (; left > 0; left -= 1) place = bytes.indexOf(LF, place + 1);
      return at + place + 1;
    }
    left -= here;
    at += bytes.length;
  }
  return null;
}

export interface ScanHit {
  readonly line: number;
  /** Where the row begins in the log. */
  readonly offset: number;
  readonly text: string;
}

export interface ScanProgress {
  readonly hits: readonly ScanHit[];
  readonly bytes: number;
  /** More hits than are kept. */
  readonly isCut: boolean;
}

const MAX_HITS = 1_000;

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** Finds every row that holds the text; reports after each piece. Whole lines only: a piece's rest waits for the next. */
export async function* scanLog(pieces: AsyncIterable<Uint8Array>, query: string): AsyncGenerator<ScanProgress> {
  let rest: Uint8Array = new Uint8Array();
  let offset = 0;
  let line = 1;
  let hits: readonly ScanHit[] = [];
  const search = (bytes: Uint8Array) => {
    const segment = indexSegment(offset, bytes);
    if (hits.length < MAX_HITS && mayHold(segment, query)) {
      const found: ScanHit[] = [];
      const continued = new Set(segment.continued);
      let number = line - 1;
      for (let row = 0; row < segment.starts.length; row += 1) {
        if (!continued.has(row)) number += 1;
        const text = plainText(rowText(segment, row).text);
        if (findInText(text, query).length > 0)
          found.push({ line: number, offset: offset + (segment.starts[row] ?? 0), text });
      }
      hits = [...hits, ...found].slice(0, MAX_HITS);
    }
    line += newlines(bytes);
    offset += bytes.length;
  };
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : joined(rest, piece);
    const end = bytes.lastIndexOf(LF) + 1;
    search(bytes.subarray(0, end));
    rest = bytes.subarray(end);
    yield { hits, bytes: offset + rest.length, isCut: hits.length >= MAX_HITS };
    if (hits.length >= MAX_HITS) return;
  }
  if (rest.length > 0) search(rest);
  yield { hits, bytes: offset, isCut: hits.length >= MAX_HITS };
}
