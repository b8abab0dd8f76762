/** Pages of a run's log are the log: every line once, in the order of moments, from either end, whatever the logs look like. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ReadRunLogInput } from "@/server/domain/inputs/runs";
import type { RunLogLine } from "@/server/domain/views/run-log";
import { type TestWeb, testWeb } from "@/server/web/testing";
import { readRunLog } from "./read-run-log";

const RUN = "01990000-0000-7000-8000-000000000003";
let web: TestWeb;

beforeAll(async () => {
  web = await testWeb();
  const { context } = web.services;
  context.db.$client.pragma("foreign_keys = OFF");
});
afterAll(() => web.close());

interface Lane {
  readonly lines: readonly { readonly text: string; readonly after: number }[];
}

/** Writes a log per lane; a line is noted `after` ms beyond the line before it. */
function given(lanes: readonly Lane[], finished = true): string[] {
  const { context } = web.services;
  const sql = context.db.$client;
  sql.exec(`delete from attempt; delete from task; delete from run;
    insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
      values (3, '${RUN}', 'r', '${finished ? "failed" : "running"}', 1, 'p', 1, 'local', 'manual', '{}', 0, 0)`);
  rmSync(join(context.dataDir.home, "runs"), { recursive: true, force: true });
  const all: { at: number; lane: number; n: number; text: string }[] = [];
  lanes.forEach((lane, index) => {
    const key = index + 1;
    let at = 1000 + index;
    let size = 0;
    let log = "";
    let times = "";
    lane.lines.forEach(({ text, after }, n) => {
      at += after;
      log += `${text}\n`;
      size += Buffer.byteLength(text) + 1;
      times += `${size} ${at}\n`;
      all.push({ at, lane: key, n, text: `${key}/${text}` });
    });
    sql.exec(`insert into task (key, run_key, path, step_path, name, kind, state, created_at)
        values (${key}, 3, 's${key}', 's${key}', 's${key}', 'container', 'failed', 0);
      insert into attempt (key, task_key, run_key, number, state, created_at, started_at, finished_at)
        values (${key}, ${key}, 3, 1, 'failed', 0, ${1000 + index}, ${finished ? at : "null"})`);
    const folder = context.dataDir.attempt(3, key, 1);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "log"), log);
    writeFileSync(join(folder, "log.times"), times);
  });
  return all.sort((a, b) => a.at - b.at || a.lane - b.lane || a.n - b.n).map(({ text }) => text);
}

const said = ({ attempt, text }: RunLogLine): string => `${attempt}/${text}`;

/** Every line, read in pages from one end. */
async function everything(direction: "earlier" | "later", limit: number): Promise<string[]> {
  let all: RunLogLine[] = [];
  let cursor: RunLogLine | null = null;
  for (let pages = 0; pages < 500; pages += 1) {
    const at: RunLogLine | null = cursor;
    const place = at === null ? null : { at: at.at, attempt: at.attempt, offset: at.offset };
    const page = await readRunLog(
      web.services.context,
      ReadRunLogInput.parse({ id: RUN, direction, limit, cursor: place }),
    );
    all = direction === "earlier" ? [...page.lines, ...all] : [...all, ...page.lines];
    cursor = (direction === "earlier" ? page.lines[0] : page.lines.at(-1)) ?? null;
    if (!page.hasMore) return all.map(said);
    expect(page.lines.length).toBeGreaterThan(0);
  }
  throw new Error("the pages have no end");
}

const lane = fc.record({
  lines: fc.array(fc.record({ text: fc.stringMatching(/^[a-c]{0,6}$/), after: fc.constantFrom(0, 0, 1, 5, 40) }), {
    maxLength: 12,
  }),
});

describe("the log of a run", () => {
  beforeEach(() => given([]));

  it("is the same read in pages from either end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lane, { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), async (lanes, limit) => {
        const whole = given(lanes);
        expect(await everything("earlier", limit)).toEqual(whole);
        expect(await everything("later", limit)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it("goes past a log that is longer than one reading, and past a line that is", async () => {
    const many = Array.from({ length: 9_000 }, (_, i) => ({
      text: `line ${i} ${"x".repeat(60)}`,
      after: i % 50 ? 0 : 1,
    }));
    const few = Array.from({ length: 90 }, (_, i) => ({ text: `between ${i}`, after: 2 }));
    const whole = given([{ lines: many }, { lines: few }]);
    expect(await everything("earlier", 1_000)).toEqual(whole);
    expect(await everything("later", 1_000)).toEqual(whole);
    given([
      {
        lines: [
          { text: "before", after: 1 },
          { text: "y".repeat(900_000), after: 1 },
          { text: "after", after: 1 },
        ],
      },
    ]);
    const forwards = await everything("later", 10);
    expect([forwards[0], forwards.at(-1)]).toEqual(["1/before", "1/after"]);
    const backwards = await everything("earlier", 10);
    expect([backwards[0], backwards.at(-1)]).toEqual(["1/before", "1/after"]);
  });

  it("holds back what has no moment yet while a step goes on", async () => {
    given([{ lines: [{ text: "noted", after: 1 }] }], false);
    const folder = web.services.context.dataDir.attempt(3, 1, 1);
    writeFileSync(join(folder, "log"), "noted\nfresh\n");
    expect(await everything("earlier", 10)).toEqual(["1/noted"]);
    writeFileSync(join(folder, "log.times"), "6 1001\n12 1005\n");
    expect(await everything("later", 10)).toEqual(["1/noted", "1/fresh"]);
  });
});
