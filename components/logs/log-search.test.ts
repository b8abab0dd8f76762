/** Searching, marking, counting and timing agree with a plain reading of the text. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLogTimes, timeOfByte } from "@/server/domain/log-times";
import { parseAnsi } from "./ansi";
import { countLines, findLine, type ScanProgress, scanLog } from "./log-scan";
import { findInText, markSpans, windowSearcher } from "./log-search";
import { parseContentRange } from "./log-source";
import { appendBytes, emptyWindow } from "./log-window";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* stream(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function last(progress: AsyncIterable<ScanProgress>): Promise<ScanProgress | undefined> {
  let latest: ScanProgress | undefined;
  for await (const step of progress) latest = step;
  return latest;
}

const text = fc
  .array(fc.string({ unit: fc.constantFrom("a", "b", "A", "é", "🙂"), maxLength: 8 }), { maxLength: 30 })
  .map((rows) => rows.join("\n"));

describe("search", () => {
  it("finds the same rows in the window and in the stream, through colours", async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom("a", "ab", "é", "b🙂"),
        fc.integer({ min: 1, max: 20 }),
        async (log, query, size) => {
          const rows = log.split("\n").flatMap((row, i) => (findInText(row, query).length > 0 ? [i] : []));
          const bytes = encode(log);
          const found = windowSearcher(query)(appendBytes(emptyWindow(), bytes));
          expect([...new Set(found.map((match) => match.row))]).toEqual(rows);
          const scanned = await last(scanLog(stream(bytes, size), query));
          expect((scanned?.hits ?? []).map((hit) => hit.line - 1)).toEqual(rows);
        },
      ),
    );
  });

  it("sees a word that colours split", () => {
    const window = appendBytes(emptyWindow(), encode("\u001b[31mVal\u001b[0mueError: quince\nfine\n"));
    expect(windowSearcher("valueerror")(window)).toEqual([{ row: 0, from: 0, to: 10 }]);
  });

  it("marks exactly the matched characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", "\u001b[1m", "\u001b[0m") }), (line) => {
        const { spans } = parseAnsi(line);
        const plain = spans.map((span) => span.text).join("");
        const matches = findInText(plain, "ab");
        const marked = markSpans(spans, matches);
        expect(marked.map((span) => span.text).join("")).toBe(plain);
        matches.forEach((_, i) => {
          expect(
            marked
              .filter((span) => span.mark === i)
              .map((span) => span.text)
              .join(""),
          ).toBe("ab");
        });
      }),
    );
  });
});

describe("lines of a stream", () => {
  it("counts and finds", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (log, size) => {
        const bytes = encode(log);
        const starts = [0];
        bytes.forEach((byte, at) => {
          if (byte === 10) starts.push(at + 1);
        });
        for (const [i, start] of starts.entries()) {
          expect(await findLine(stream(bytes, size), i + 1)).toBe(start);
          expect(await countLines(stream(bytes, size), start)).toBe(i);
        }
        expect(await findLine(stream(bytes, size), starts.length + 1)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });
});

describe("times and ranges", () => {
  it("gives a byte the first moment it was there", () => {
    const times = parseLogTimes("10 1000\n25 1100\nbroken\n40 1300\n99 14");
    expect(times.offsets).toEqual([10, 25, 40]);
    expect([0, 9, 10, 39, 40].map((at) => timeOfByte(times, at))).toEqual([1000, 1000, 1100, 1300, 1300]);
    expect(timeOfByte(parseLogTimes(""), 3)).toBeNull();
  });

  it("reads a content range", () => {
    expect(parseContentRange("bytes 5-9/100")).toEqual({ offset: 5, size: 100 });
    expect(parseContentRange("bytes */100")).toEqual({ offset: 100, size: 100 });
    expect(parseContentRange(null)).toBeNull();
  });
});
