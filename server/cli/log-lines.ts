/** Lines of a log with the moments they were written, from the log's bytes and its side file of `(offset, ms)`. */

export interface LogLine {
  readonly text: string;
  /** ISO 8601; null while it has not been noted. */
  readonly at: string | null;
}

export interface LogTimes {
  /** Bytes of the log at the moment. */
  readonly offset: number;
  readonly ms: number;
}

/** Reads the side file: one `offset ms` a line, growing; a half-written last line is left out. */
export function readLogTimes(text: string): LogTimes[] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .flatMap((line) => {
      const [offset, ms] = line.split(/\s+/).map(Number);
      return offset !== undefined && ms !== undefined && ms > 0 ? [{ offset, ms }] : [];
    });
}

/** Whole lines of `bytes`, which begin at `start` of the log; `rest` is where the unfinished last one begins. */
export function readLogLines(
  bytes: Uint8Array,
  start: number,
  times: readonly LogTimes[],
  isOver: boolean,
): { lines: LogLine[]; rest: number } {
  const lines: LogLine[] = [];
  const decoder = new TextDecoder();
  let at = 0;
  let known = 0;
  for (;;) {
    const end = bytes.indexOf(10, at);
    if (end < 0 && (!isOver || at >= bytes.length)) return { lines, rest: start + at };
    const stop = end < 0 ? bytes.length : end;
    const offset = start + stop + (end < 0 ? 0 : 1);
    while (known < times.length && (times[known]?.offset ?? 0) < offset) known += 1;
    const ms = times[known]?.ms;
    lines.push({
      text: decoder.decode(bytes.subarray(at, stop)),
      at: ms === undefined ? null : new Date(ms).toISOString(),
    });
    at = stop + 1;
  }
}
