import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, ran, ranAsJson } from "./testing";

let server: CliServer;
beforeEach(async () => {
  server = await cliServer();
  writeFileSync(
    join(server.folder, "p.json"),
    kfpSpec("p", ["a"], { day: { parameterType: "STRING", isOptional: true } }),
  );
  expect((await ranAsJson(server, ["submit", "p.json"])).exit).toBe(0);
});
afterEach(() => server.close());

const asJson = (...args: string[]) => ranAsJson(server, ["recurring", ...args]);
const inWords = (...args: string[]) => ran(["recurring", ...args], { env: server.env, cwd: server.folder });

test("a recurring run is made, shown, switched, run and deleted", async () => {
  const flags = [
    "--pipeline",
    "p",
    "--cron",
    "30 2 * * *",
    "--zone",
    "Europe/Berlin",
    "--param",
    "day=[[ScheduledTime]]",
  ];
  expect(
    await asJson("create", "nightly", ...flags, "--overlap", "skip", "--catch-up", "none", "--tag", "team=night"),
  ).toMatchObject({
    exit: 0,
    json: {
      name: "nightly",
      state: "enabled",
      version: null,
      trigger: { kind: "cron", cron: "0 30 2 * * *" },
      timeZone: "Europe/Berlin",
      nextAt: "2026-11-22T01:30:00.000Z",
      overlap: "skip",
      catchUp: "none",
      parameters: { day: "[[ScheduledTime]]" },
    },
  });
  expect((await inWords("get", "nightly")).out).toContain("At 02:30 (Europe/Berlin): 0 30 2 * * *");
  expect((await inWords("list")).out).toMatch(/enabled +2026-11-22T01:30:00/);
  expect((await inWords("disable", "nightly")).out).toBe("nightly is disabled.\n");
  expect((await inWords("enable", "nightly")).out).toContain("nightly is enabled; next at 2026-11-22");
  expect(await asJson("run", "nightly")).toMatchObject({ exit: 0, json: { state: "pending", origin: "recurring" } });
  expect((await inWords("run", "nightly")).out).toContain("it starts when one of them is over");
  const { id } = (await asJson("get", "nightly")).json;
  expect((await inWords("delete", "nightly")).out).toBe("nightly is deleted; its runs stay.\n");
  expect((await inWords("list")).out).toBe("No recurring runs.\n");
  expect((await inWords("restore", id)).out).toBe("nightly is there again.\n");
  expect((await asJson("list")).json.items).toMatchObject([{ id, tags: { team: "night" } }]);
});

test("a version is pinned by its number, an interval is a duration, and it may begin disabled", async () => {
  const flags = ["--pipeline", "p", "--version", "1", "--every", "1h30m", "--disabled", "--max-concurrency", "3"];
  const { json } = await asJson("create", "poll", ...flags);
  expect(json).toMatchObject({
    state: "disabled",
    version: { number: 1 },
    trigger: { seconds: 5_400 },
    maxConcurrency: 3,
  });
  expect((await asJson("get", json.id)).json).toEqual(json);
});

test("what is wrong is said, with the exit code of a refusal", async () => {
  const made = (...flags: string[]) => inWords("create", "x", "--pipeline", "p", ...flags);
  const expected = async (flags: string[], words: string) =>
    expect(await made(...flags)).toMatchObject({ exit: 2, err: expect.stringContaining(words) });
  await expected([], "one of --every, --cron and --once");
  await expected(["--once", "--every", "1s"], "one of --every, --cron and --once");
  await expected(["--every", "1.5s"], "write whole seconds");
  await expected(["--cron", "61 * * * *"], "Constraint error");
  await expected(["--once", "--start", "soon"], "write a moment");
  await expected(["--once", "--max-concurrency", "11"], "At most 10 runs");
  await expected(["--once", "--zone", "Mars/Base"], "This time zone is not known");
  await expected(["--once", "--overlap", "queue"], "Allowed choices are wait, skip, cancel");
  expect(await inWords("get", "nobody")).toMatchObject({
    exit: 2,
    err: expect.stringContaining("There is no recurring run nobody"),
  });
});
