/** A pod's output in the log of its attempt, however often it is told from its beginning, with our own words in its midst. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { KubeClient } from "./client";
import type { PodFence } from "./fence";
import { aside, logSize } from "./log";
import { bringOutput } from "./output";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "penstock-output-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const clientOf = (output: Buffer, size: number) =>
  ({
    podLog: async () =>
      (async function* () {
        for (let at = 0; at < output.length; at += size) yield output.subarray(at, at + size);
      })(),
  }) as unknown as KubeClient;

it("has every byte once, and our words where they were said", async () => {
  const bytes = fc.uint8Array({ maxLength: 700 }).map((one) => Buffer.from(one));
  const cut = fc.record({ to: fc.nat(700), says: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.array(cut, { maxLength: 4 }),
      fc.integer({ min: 1, max: 300 }),
      async (all, cuts, size) => {
        const log = join(directory, "log");
        rmSync(log, { force: true });
        appendFileSync(log, "Waiting\n");
        let words = null as PodFence["words"];
        let expected = "Waiting\n";
        let told = 0;
        const signal = new AbortController().signal;
        for (const { to, says } of [...cuts, { to: all.length, says: false }]) {
          const end = Math.max(told, Math.min(to, all.length));
          await bringOutput(clientOf(all.subarray(0, end), size), "p", { directory, logBytes: 8, words }, true, signal);
          expected += all.subarray(told, end).toString("latin1");
          told = end;
          if (!says) continue;
          const line = aside(directory, "words");
          expect(line).toBe(`${expected.endsWith("\n") ? "" : "\n"}[words]\n`);
          words = { at: words?.at ?? logSize(directory), bytes: (words?.bytes ?? 0) + line.length };
          appendFileSync(log, line);
          expected += line;
        }
        expect(readFileSync(log, "latin1")).toBe(expected);
      },
    ),
    { numRuns: 60 },
  );
});
