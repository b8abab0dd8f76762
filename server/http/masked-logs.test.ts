import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SaveSecretInput } from "@/server/domain/inputs/surroundings";
import { maskedBytes } from "@/server/platform/masked-bytes";
import { maskerOf } from "@/server/platform/masking";
import { getTask } from "@/server/services/runs/get-task";
import { removeSecret } from "@/server/services/secrets/remove-secret";
import { saveSecret } from "@/server/services/secrets/save-secret";
import { type TestWeb, testWeb } from "@/server/web/testing";

const TASK = 7;
const LOG = `/api/tasks/${TASK}/attempts/1/log`;
const VALUE = "hunter22";
const TEXT = `before ${VALUE} after\n{"password": "${VALUE}"}\nlast line with hun`;

let web: TestWeb;
let attempt: string;

beforeAll(async () => {
  web = await testWeb();
  const { context } = web.services;
  const sql = context.db.$client;
  sql.pragma("foreign_keys = OFF");
  sql.exec(`
    insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
      values (3, 'run-3', 'r', 'failed', 1, 'p', 1, 'local', 'manual', '{}', 0, 0);
    insert into task (key, run_key, path, step_path, name, kind, state, reason, created_at)
      values (${TASK}, 3, 's', 's', 's', 'container', 'failed', '{"code":"exit-code","message":"Exit code 1: no ${VALUE}","subject":1}', 0);
    insert into attempt (key, task_key, run_key, number, state, created_at) values (1, ${TASK}, 3, 1, 'failed', 0);
  `);
  attempt = context.dataDir.attempt(3, TASK, 1);
  mkdirSync(attempt, { recursive: true });
  writeFileSync(join(attempt, "log"), TEXT);
  const command = { argv: ["/bin/sh", "-c", `login ${VALUE}`], cwd: "/", env: { PASSWORD: VALUE, PLAIN: "plain" } };
  writeFileSync(join(attempt, "command.json"), JSON.stringify(command));
  await saveSecret(context, SaveSecretInput.parse({ name: "db", values: { password: VALUE } }));
});
afterAll(() => web.close());

const get = async (target: string, headers = {}) => web.ask("GET", target, { ...web.bearer, ...headers });

test("the log, its download and every range of it hide the value, and no byte moves", async () => {
  const whole = (await get(LOG)).body.toString();
  expect(whole).toBe(TEXT.replaceAll(VALUE, "*".repeat(VALUE.length)));
  expect((await get(`${LOG}?download=1`)).body.toString()).toBe(whole);
  for (let from = 0; from < TEXT.length; from += 1) {
    const part = await get(LOG, { range: `bytes=${from}-${from + 4}` });
    expect([part.status, part.body.toString()]).toEqual([206, whole.slice(from, from + 5)]);
    expect(part.headers["content-range"]).toBe(`bytes ${from}-${Math.min(from + 4, TEXT.length - 1)}/${TEXT.length}`);
  }
  expect((await get(LOG, { range: "bytes=-9" })).body.toString()).toBe(whole.slice(-9));
});

test("a value that the log holds the beginning of, because it is being written, is hidden as far as it is there", async () => {
  writeFileSync(join(attempt, "log"), `half ${VALUE.slice(0, 6)}`);
  expect((await get(LOG)).body.toString()).toBe("half ******");
  writeFileSync(join(attempt, "log"), `half ${VALUE.slice(0, 6)}!`);
  expect((await get(LOG)).body.toString()).toBe("half hunter!");
  writeFileSync(join(attempt, "log"), TEXT);
});

test("the task tells neither the value in its command nor in its reason", async () => {
  const task = await getTask(web.services.context, TASK);
  expect(task.reason).toMatchObject({ code: "exit-code", message: "Exit code 1: no ********", subject: 1 });
  expect(task.attempts[0]?.command).toEqual({
    argv: ["/bin/sh", "-c", "login ********"],
    cwd: "/",
    env: { PASSWORD: "********", PLAIN: "plain" },
    secrets: ["PASSWORD"],
    container: null,
  });
});

test("a value stays hidden after it was replaced and its secret removed", async () => {
  const { context } = web.services;
  const input = SaveSecretInput.parse({ name: "token", values: { t: "first-token" } });
  await saveSecret(context, input);
  writeFileSync(join(attempt, "log"), "first-token second-token");
  await saveSecret(context, { ...input, values: { t: "second-token" } });
  await removeSecret(context, "token");
  expect((await get(LOG)).body.toString()).toBe("*********** ************");
  writeFileSync(join(attempt, "log"), TEXT);
});

test("whatever part of whatever log is read, it is that part of the whole log's masked text", {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "penstock-masked-"));
  const file = join(folder, "log");
  const value = fc.stringMatching(/^[ab]{4,12}$/);
  const around = fc.stringMatching(/^[abc\n]{0,20}$/);
  // Values stand at every distance from the borders of the blocks in which a file is read.
  const padding = fc.integer({ min: 256 * 1024 - 40, max: 256 * 1024 + 4 });
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 4 }),
        padding,
        around,
        fc.nat(),
        fc.nat(),
        async (values, pad, text, one, other) => {
          const all = Buffer.from(`${"x".repeat(pad)}${text}${values.join("c")}${text}`);
          writeFileSync(file, all);
          const masker = maskerOf(values);
          const wanted = Buffer.from(all);
          masker.hide(wanted, true);
          const size = all.length;
          const near = (at: number): number => pad - 10 + (at % (size - pad + 10));
          const [from, to] = [one, other].map(near).sort((a, b) => a - b) as [number, number];
          const handle = await open(file);
          try {
            for (const range of [
              { from: 0, to: size - 1 },
              { from, to },
            ]) {
              const parts: Buffer[] = [];
              for await (const part of maskedBytes(handle, { ...range, size }, masker)) parts.push(part);
              const read = Buffer.concat(parts);
              expect(read.equals(wanted.subarray(range.from, range.to + 1))).toBe(true);
            }
          } finally {
            await handle.close();
          }
        },
      ),
      { numRuns: 150 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
