/** Python environments as services see them: listed without passwords, swept by least use, never while a step may use one. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putSetting } from "@/db/queries/settings";
import { ENVIRONMENT_FILES } from "@/server/platform/environment-folder";
import { type TestServices, testServices } from "../testing";
import { listEnvironments } from "./list-environments";
import { removeEnvironment } from "./remove-environment";
import { environmentRequest, requestEnvironment } from "./request-environment";
import { sweepEnvironments } from "./sweep-environments";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const keyOf = (letter: string): string => letter.repeat(32);
const folder = (letter: string): string => join(services.context.dataDir.envs, keyOf(letter));

/** An environment as the engine leaves one, used so many minutes ago. */
function environment(letter: string, size: number, minutesAgo: number, line: readonly string[] = ["kfp"]): void {
  mkdirSync(folder(letter), { recursive: true });
  const note = { command: "python3", version: "3.11.1", lines: [line], size };
  writeFileSync(join(folder(letter), ENVIRONMENT_FILES.ready), JSON.stringify(note));
  writeFileSync(join(folder(letter), ENVIRONMENT_FILES.used), "");
  const at = services.context.now().getTime() / 1_000 - minutesAgo * 60;
  utimesSync(join(folder(letter), ENVIRONMENT_FILES.used), at, at);
}

function limit(bytes: number): void {
  putSetting(services.context.db, {
    name: "max-environment-bytes",
    value: bytes,
    updatedAt: services.context.now(),
  });
}

/** An attempt that lives, whose command names what is given; null has not started yet. */
function liveAttempt(command: string | null): void {
  const { db, dataDir } = services.context;
  const sql = db.$client;
  sql.pragma("foreign_keys = OFF");
  sql
    .prepare("insert into attempt (task_key, run_key, number, state, created_at) values (7, 3, 1, 'running', 1)")
    .run();
  const directory = dataDir.attempt(3, 7, 1);
  mkdirSync(directory, { recursive: true });
  if (command !== null) writeFileSync(join(directory, "command.json"), JSON.stringify({ argv: [command] }));
}

describe("a sweep", () => {
  it("takes those unused for longest until the rest fits", async () => {
    environment("a", 40, 300);
    environment("b", 40, 200);
    environment("c", 40, 100);
    limit(80);
    expect((await sweepEnvironments(services.context)).map(({ key }) => key)).toEqual([keyOf("a")]);
    expect([existsSync(folder("a")), existsSync(folder("b"))]).toEqual([false, true]);
    expect(await sweepEnvironments(services.context)).toEqual([]);
  });

  it("leaves what a live attempt uses, and what was used a moment ago", async () => {
    environment("a", 40, 300);
    environment("b", 40, 1);
    limit(1);
    liveAttempt(join(folder("a"), "bin", "python3"));
    expect(await sweepEnvironments(services.context)).toEqual([]);
    expect(listEnvironments(services.context).map(({ isInUse }) => isInUse)).toEqual([false, true]);
  });

  it("touches none while a step is about to start", async () => {
    environment("a", 40, 300);
    limit(1);
    liveAttempt(null);
    expect(await sweepEnvironments(services.context)).toEqual([]);
  });
});

describe("an environment", () => {
  it("is shown without the password of its index", () => {
    environment("a", 40, 1, ["--index-url", "https://me:secret@index.example/simple", "kfp"]);
    const [shown] = listEnvironments(services.context);
    expect(JSON.stringify(shown)).not.toContain("secret");
    expect(shown).toMatchObject({ key: keyOf("a"), state: "ready", python: "Python 3.11.1", size: 40, problem: null });
  });

  it("is removed unless a step uses it", async () => {
    environment("a", 40, 1);
    environment("b", 40, 1);
    expect(await removeEnvironment(services.context, keyOf("a"))).toMatchObject({ key: keyOf("a") });
    expect(existsSync(folder("a"))).toBe(false);
    await expect(removeEnvironment(services.context, keyOf("a"))).rejects.toMatchObject({ code: "not-found" });
    liveAttempt(join(folder("b"), "bin", "python3"));
    await expect(removeEnvironment(services.context, keyOf("b"))).rejects.toMatchObject({ code: "conflict" });
    expect(existsSync(folder("b"))).toBe(true);
  });

  it("is asked for by a wish that the engine finds", () => {
    const wish = requestEnvironment(services.context, { python: null, lines: [["kfp"]] });
    expect(environmentRequest(services.context, wish.id)).toMatchObject({ state: "waiting", key: null });
    writeFileSync(
      join(services.context.dataDir.envs, `${wish.id}.done`),
      JSON.stringify({ key: keyOf("a"), message: null }),
    );
    expect(environmentRequest(services.context, wish.id)).toMatchObject({ state: "ready", key: keyOf("a") });
  });
});
