import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataDir } from "@/server/platform/data-dir";
import { testDatabase } from "../testing";
import { randomFrom } from "./rng";
import { SEEDS } from "./scenarios";

const files = () => dataDir(mkdtempSync(join(tmpdir(), "penstock-seed-")));

test.each(SEEDS.map((seed) => [seed.name, seed] as const))(
  "%s is deterministic and keeps every reference",
  (_, seed) => {
    const dumps = [1, 2].map(() => {
      const db = testDatabase();
      seed.write({ db, random: randomFrom(7), nowMs: 1_800_000_000_000 }, files(), seed.size ? 5 : 0);
      expect(db.$client.pragma("foreign_key_check")).toEqual([]);
      const counted = db.$client.prepare("select coalesce(sum(count), 0) from run_count").pluck().get();
      expect(counted).toBe(db.$client.prepare("select count(*) from run").pluck().get());
      return ["run", "task", "attempt", "metric", "version"].map((table) =>
        db.$client.prepare(`select * from ${table}`).all(),
      );
    });
    expect(dumps[0]).toEqual(dumps[1]);
    expect(dumps[0]?.[0]).not.toEqual([]);
  },
);

test("long-log writes the megabytes it promises where the log is looked for", () => {
  const db = testDatabase();
  const dir = files();
  const seed = SEEDS.find((candidate) => candidate.name === "long-log");
  seed?.write({ db, random: randomFrom(7), nowMs: 1_800_000_000_000 }, dir, 2);
  const { run_key, key } = db.$client.prepare("select run_key, key from task").get() as {
    run_key: number;
    key: number;
  };
  expect(statSync(join(dir.attempt(run_key, key, 1), "log")).size).toBeGreaterThan(2_000_000);
});
