/** Files and logs of nodes: only those of the run that is named, in one piece however large, without secrets. */
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { saveSecret } from "@/server/services/secrets/save-secret";
import { plainSpec, type TestClient, testClient } from "./testing/client";

let client: TestClient;
let run: string;
beforeEach(async () => {
  client = testClient();
  run = (await client.ok("POST", "/runs", { display_name: "r", pipeline_spec: plainSpec() })).run_id ?? "";
  await client.ok("POST", "/runs", { display_name: "other", run_id: "other", pipeline_spec: plainSpec() });
  client.services.context.db.$client.exec(
    `insert into task (run_key, path, step_path, name, kind, state, attempt, created_at)
       values (1, 'a', 'a', 'a', 'container', 'succeeded', 2, 5), (1, 'b', 'b', 'b', 'container', 'cached', 0, 5);
     insert into attempt (task_key, run_key, number, state, created_at) values (1, 1, 1, 'failed', 5), (1, 1, 2, 'succeeded', 5);`,
  );
});
afterEach(() => client.close());

function artifact(name: string, path: string, isDirectory = 0): void {
  const { $client: sql } = client.services.context.db;
  const key = sql
    .prepare(
      `insert into artifact (run_key, task_key, name, type, path, uri, is_directory, metadata, created_at)
       values (1, 1, ?, 'system.Artifact', ?, 'file:///x', ?, '{}', 5)`,
    )
    .run(name, path, isDirectory).lastInsertRowid;
  const link = sql.prepare(
    "insert into task_artifact (task_key, direction, name, position, artifact_key) values (?, 'output', ?, 0, ?)",
  );
  for (const task of [1, 2]) link.run(task, name, key);
}

function store(path: string, content: string | Uint8Array): void {
  const file = join(client.services.context.dataDir.home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const read = (path: string) => client.ask("GET", `/apis/v2beta1/runs/${run}/nodes/${path}:read`);
const log = (path: string, id = run) => client.ask("GET", `/apis/v1alpha1/runs/${id}/nodes/${path}/log`);

test("an artifact comes in base64, also of the task that reused it, whatever its length", async () => {
  for (const length of [0, 1, 2, 3, 1_000_003]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31) % 251);
    store(`files/${length}`, bytes);
    artifact(`out-${length}`, `files/${length}`);
    for (const task of [1, 2]) {
      const response = await read(`${task}/artifacts/out-${length}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("no-cache, private");
      const data = Buffer.from(((await response.json()) as { data: string }).data, "base64");
      expect(createHash("sha256").update(data).digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  }
});

test("what is no file of this run is told in the shape of uploads, and nothing outside the data directory is read", async () => {
  artifact("gone", "files/gone");
  artifact("folder", "files", 1);
  artifact("up", "../../etc/passwd");
  artifact("link", "files/link");
  store("files/keep", "x");
  symlinkSync("/etc/passwd", join(client.services.context.dataDir.home, "files", "link"));
  for (const [path, status] of [
    ["1/artifacts/nothing", 404],
    ["1/artifacts/gone", 404],
    ["1/artifacts/up", 404],
    ["1/artifacts/link", 404],
    ["1/artifacts/..%2F..%2Fetc%2Fpasswd", 404],
    ["1/artifacts/folder", 400],
    ["9/artifacts/gone", 404],
    ["a/artifacts/gone", 404],
  ] as const) {
    const response = await read(path);
    expect({ path, status: response.status }).toEqual({ path, status });
    const body = await response.json();
    expect(body).toEqual({
      error_message: expect.stringContaining("Failed to read artifact"),
      error_details: expect.any(String),
    });
  }
  const stranger = await client.ask("GET", "/apis/v2beta1/runs/other/nodes/1/artifacts/gone:read");
  expect(stranger.status).toBe(404);
});

test("the log is that of the newest attempt, as plain text with the values of secrets hidden", async () => {
  await saveSecret(client.services.context, { name: "db", values: { password: "hunter2-hunter2" } });
  expect(await (await log("1")).text()).toBe("");
  const { dataDir } = client.services.context;
  const place = dataDir.attempt(1, 1, 2);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "log"), "begin\npassword hunter2-hunter2\nend\n");
  const response = await log("1");
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const text = await response.text();
  expect(text).toContain("begin");
  expect(text).not.toContain("hunter2");
  const head = await client.ask("HEAD", `/apis/v1alpha1/runs/${run}/nodes/1/log`);
  expect(await head.text()).toBe("");
  for (const [path, id] of [
    ["2", run],
    ["9", run],
    ["x", run],
    ["1", "other"],
    ["1", "nobody"],
  ] as const) {
    const refused = await log(path, id);
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ error_message: expect.stringContaining("not found") });
  }
});
