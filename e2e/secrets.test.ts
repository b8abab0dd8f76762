/** A secret from the terminal to a step and nowhere else: the built command, server and engine, with a real step that tells it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { oneStep } from "./pipelines";
import { type Api, apiOf } from "./support/api";
import { Submitted } from "./support/cli-shapes";
import { type Ran, startCommand } from "./support/command";
import { startServer, type TestServer } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
const VALUE = "canary-s3cret/of+the vault";
const SLOW = 120_000;

/** Tells the secret whole, in two writes, in base64, on a line that looks like the error, and fails. */
const TELLING = [
  'echo "it is $PASSWORD."',
  'printf "%s" "$PASSWORD" | head -c 9',
  'printf "%s\\n" "$PASSWORD" | tail -c +10',
  'printf "%s" "$PASSWORD" | base64',
  'echo "Error: refused for $PASSWORD" >&2',
  "exit 3",
].join("; ");

const platform = {
  platforms: {
    kubernetes: {
      deploymentSpec: {
        executors: {
          "exec-say": {
            secretAsEnv: [{ secretName: "db", keyToEnv: [{ secretKey: "password", envVar: "PASSWORD" }] }],
          },
        },
      },
    },
  },
};

/** Every file below a folder. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });

describe("a secret", () => {
  let server: TestServer;
  let api: Api;
  let folder: string;

  beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
  beforeAll(async () => {
    if (!isBuilt) return;
    folder = mkdtempSync(join(tmpdir(), "penstock-secrets-e2e-"));
    server = await startServer({ env: { PENSTOCK_SLOTS: "2" } });
    api = apiOf(server);
  });
  afterAll(async () => {
    if (!isBuilt) return;
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const penstock = (args: readonly string[], stdin = ""): Promise<Ran> =>
    startCommand(args, { cwd: folder, env: { PENSTOCK_HOME: server.home }, stdin }).ended;

  test("reaches its step and no other eye: not the log, the reason, the command, the database or another file", {
    timeout: SLOW,
  }, async () => {
    const set = await penstock(["secrets", "set", "db", "password"], `${VALUE}\n`);
    expect([set.exit, set.out]).toEqual([0, "db: secret\n  password  (never shown)\n"]);
    const file = join(folder, "telling.yaml");
    writeFileSync(file, `${oneStep("telling", TELLING)}\n---\n${JSON.stringify(platform)}\n`);
    const ran = await penstock(["submit", "telling.yaml", "--wait", "--json"]);
    const run = Submitted.parse(JSON.parse(ran.out)).run;
    expect([ran.exit, run?.state, ran.err]).toEqual([1, "failed", expect.anything()]);
    const id = run?.id ?? "";
    const stars = "*".repeat(VALUE.length);
    const shown = (await penstock(["logs", id, "say"])).out;
    const base64 = Buffer.from(VALUE).toString("base64");
    expect(shown.split("\n").slice(0, 2)).toEqual([`it is ${stars}.`, stars]);
    expect(shown).not.toContain(base64.slice(0, 12));
    expect(shown).toContain(`Error: refused for ${stars}`);
    expect((await penstock(["runs", "get", id])).out).toContain(`Exit code 3: Error: refused for ${stars}`);
    const [task] = (await api.finished(id)).tasks;
    const whole = await api.query<TaskView>("tasks.get", { id: task?.id });
    expect(whole.attempts[0]?.command?.env.PASSWORD).toBe(stars);

    await penstock(["secrets", "set", "db", "password=another-value"]);
    expect((await penstock(["logs", id, "say"])).out).toBe(shown);
    await penstock(["secrets", "remove", "db"]);
    expect((await penstock(["logs", id, "say"])).out).toBe(shown);

    const telling = filesBelow(server.home).filter((path) => readFileSync(path).includes(VALUE));
    expect(telling.map((path) => path.slice(server.home.length))).toEqual([expect.stringMatching(/^\/runs\/.*\/log$/)]);
    expect(statSync(telling[0] ?? "").mode & 0o777).toBe(0o600);
    expect(ran.out + ran.err).not.toContain(VALUE);
  });

  test("that was removed refuses the next run before it begins, by name", async () => {
    const again = await penstock(["submit", "telling.yaml", "--wait"]);
    expect([again.exit, again.out + again.err]).toEqual([2, expect.stringMatching(/secret "db", which is not there/)]);
  });
});
