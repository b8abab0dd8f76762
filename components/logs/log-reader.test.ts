/** The reader over a log held in memory: it opens at the end without reading the rest, and ends up with every byte. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogReader } from "./log-reader";
import type { LogSource } from "./log-source";
import { findRow, lineNumber, rowAtOffset } from "./log-window";
import { rowText } from "./segment";

function memoryLog(text: string) {
  let bytes = new TextEncoder().encode(text);
  let read = 0;
  const part = (from: number, to: number) => {
    const slice = bytes.slice(Math.min(from, bytes.length), to);
    read += slice.length;
    return { offset: Math.min(from, bytes.length), bytes: slice, size: bytes.length };
  };
  const source: LogSource = {
    readEnd: async (count) => part(Math.max(0, bytes.length - count), bytes.length),
    read: async (from, to) => part(from, to),
    size: async () => bytes.length,
    stream: async function* () {
      for (let at = 0; at < bytes.length; at += 1000) {
        read += Math.min(1000, bytes.length - at);
        yield bytes.subarray(at, at + 1000);
      }
    },
  };
  return {
    source,
    bytesRead: () => read,
    size: () => bytes.length,
    write: (more: string) => {
      bytes = new Uint8Array([...bytes, ...new TextEncoder().encode(more)]);
    },
  };
}

function texts(reader: LogReader): string[] {
  const { window } = reader.state();
  return Array.from({ length: window.rows }, (_, row) => {
    const found = findRow(window, row);
    return found === null ? "" : rowText(found.segment, found.row).text;
  });
}

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join("");

describe("LogReader", () => {
  it("opens a long log at its end, reading little of it", async () => {
    const log = memoryLog(numbered(1_500_000));
    const reader = new LogReader(log.source);
    await reader.open(null);
    expect(texts(reader).at(-1)).toBe("line 1500000");
    expect(log.bytesRead()).toBeLessThan(300_000);
    expect(lineNumber(reader.state().window, 0)).toBeNull();
    await reader.numberLines();
    expect(`line ${lineNumber(reader.state().window, 0)}`).toBe(texts(reader)[0]);
  });

  it("reads backwards to the beginning and numbers every line", async () => {
    const log = memoryLog(numbered(100_000));
    const reader = new LogReader(log.source);
    await reader.open(null);
    while (reader.state().window.start > 0) await reader.readEarlier();
    await reader.numberLines();
    expect(texts(reader)).toHaveLength(100_000);
    expect(lineNumber(reader.state().window, 99_999)).toBe(100_000);
  });

  it("opens at a line and goes on from there in both directions", async () => {
    const log = memoryLog(numbered(300_000));
    const reader = new LogReader(log.source);
    await reader.open(150_000);
    const { window, target } = reader.state();
    const row = rowAtOffset(window, target ?? 0);
    expect(texts(reader)[row]).toBe("line 150000");
    expect(lineNumber(window, row)).toBe(150_000);
    await reader.readLater();
    await reader.readEarlier();
    const after = reader.state().window;
    expect(lineNumber(after, after.rows - 1)).toBe(Number(texts(reader).at(-1)?.slice(5)));
    expect(lineNumber(after, 0)).toBe(Number(texts(reader)[0]?.slice(5)));
  });

  it("follows growth piece by piece without losing or doubling a byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom("a", "é", "\n", "🙂"), maxLength: 9 })),
        async (pieces) => {
          const log = memoryLog("start\n");
          const reader = new LogReader(log.source);
          await reader.open(null);
          for (const piece of pieces) {
            const from = log.size();
            log.write(piece);
            // Told with what was added, or without, or twice.
            const added = { offset: from, bytes: new TextEncoder().encode(piece) };
            await Promise.all([
              reader.grow(log.size(), piece.length % 2 ? added : null),
              reader.grow(log.size(), added),
            ]);
          }
          const expected = `start\n${pieces.join("")}`.split("\n");
          if (expected.at(-1) === "") expected.pop();
          expect(texts(reader)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("takes what was told to have been added without reading, and reads what lies before it", async () => {
    const log = memoryLog("start\n");
    const reader = new LogReader(log.source);
    await reader.open(null);
    const before = log.bytesRead();
    const tell = (text: string) => {
      const offset = log.size();
      log.write(text);
      return () => reader.grow(log.size(), { offset, bytes: new TextEncoder().encode(text) });
    };
    await tell("one\n")();
    expect(log.bytesRead()).toBe(before);
    tell("two\n");
    await tell("three\n")();
    expect(log.bytesRead()).toBe(before + "two\nthree\n".length);
    // What was told in part before.
    const offset = log.size() - "three\n".length;
    log.write("four\n");
    await reader.grow(log.size(), { offset, bytes: new TextEncoder().encode("three\nfour\n") });
    expect(log.bytesRead()).toBe(before + "two\nthree\n".length);
    expect(texts(reader)).toEqual(["start", "one", "two", "three", "four"]);
  });

  it("does not read on while the reader looks elsewhere, but knows that there is more", async () => {
    const log = memoryLog(numbered(200_000));
    const reader = new LogReader(log.source);
    await reader.open(1);
    const before = reader.state().window;
    log.write("new\n");
    await reader.grow(log.size());
    expect(reader.state().window).toBe(before);
    expect(reader.state().size).toBe(log.size());
    await reader.goToEnd();
    expect(texts(reader).at(-1)).toBe("new");
  });

  it("says that there is no log and opens it once there is", async () => {
    let log: ReturnType<typeof memoryLog> | null = null;
    const reader = new LogReader({
      readEnd: async (count, signal) => log?.source.readEnd(count, signal) ?? null,
      read: async () => null,
      size: async () => log?.size() ?? null,
      stream: async function* () {},
    });
    await reader.open(null);
    expect(reader.state().status).toBe("missing");
    log = memoryLog("hello\n");
    await reader.poll();
    expect(texts(reader)).toEqual(["hello"]);
  });
});
