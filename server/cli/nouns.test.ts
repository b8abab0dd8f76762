import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ArtifactItem, ExperimentItem, listOf, PipelineItem, Uploaded, VersionItem } from "@/e2e/support/cli-shapes";
import { elyraPipeline, kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, ran, ranAsJson } from "./testing";

let server: CliServer;
beforeEach(async () => {
  server = await cliServer();
  put({ "p.json": kfpSpec("p", ["a"]) });
});
afterEach(() => server.close());

function put(files: { readonly [path: string]: string }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(server.folder, path)), { recursive: true });
    writeFileSync(join(server.folder, path), content);
  }
}
const penstock = (...args: readonly string[]) => ran(args, { env: server.env, cwd: server.folder });
const asJson = (...args: readonly string[]) => ranAsJson(server, args);
const sql = () => server.services.context.db.$client;

test("pipelines: uploaded, listed, read, changed, deleted and brought back", async () => {
  const first = await asJson("pipelines", "upload", "p.json", "--name", "nightly", "--description", "at night");
  expect([first.exit, Uploaded.parse(first.json)]).toMatchObject([0, { pipeline: { name: "nightly" } }]);
  const second = await asJson("pipelines", "upload", "p.json", "--pipeline", "nightly");
  expect(second.json.version.number).toBe(1);
  put({ "p.json": kfpSpec("p", ["a", "b"]) });
  expect((await asJson("pipelines", "upload", "p.json", "--pipeline", "nightly")).json.version.number).toBe(2);
  expect(listOf(PipelineItem).parse((await asJson("pipelines", "list")).json).items).toHaveLength(1);
  const versions = listOf(VersionItem).parse((await asJson("pipelines", "versions", "nightly")).json);
  expect(versions.items.map(({ number }) => number)).toEqual([2, 1]);
  expect((await penstock("pipelines", "get", "nightly")).out).toMatch(
    /^nightly: version 2, runnable, 2 steps\n {2}at night/,
  );
  expect(
    JSON.parse((await penstock("pipelines", "spec", "nightly", "--version", "1")).out).root.dag.tasks,
  ).toHaveProperty("a");
  const diff = await penstock("pipelines", "diff", "nightly");
  expect(diff.out).toMatch(/^Version 1 to 2\n\+ b\n1 step is the same\.\n/);
  expect(diff.out).toMatch(/^\+.*"b"/m);
  const same = await asJson("pipelines", "diff", "nightly", "2", "2");
  expect(same.json).toMatchObject({ steps: { added: [], removed: [], changed: [], equal: 2 }, patch: "" });
  expect((await asJson("pipelines", "diff", "nightly", "1", "7")).exit).toBe(2);
  const { id: gone } = (await asJson("pipelines", "delete-version", "nightly", "2")).json;
  expect((await asJson("pipelines", "versions", "nightly")).json.items).toHaveLength(1);
  expect((await penstock("pipelines", "restore-version", gone)).out).toBe("Version 2 of nightly is there again.\n");
  const set = await asJson("pipelines", "set", "nightly", "--tag", "team=risk", "--no-cache");
  expect(PipelineItem.parse(set.json)).toMatchObject({ tags: { team: "risk" }, cache: "ignore" });
  expect((await asJson("pipelines", "set", "nightly")).exit).toBe(2);
  expect((await asJson("profiles", "save", "gpu")).exit).toBe(0);
  expect((await penstock("pipelines", "set", "nightly", "--profile", "gpu")).out).toContain("under the profile gpu");
  expect((await penstock("pipelines", "set", "nightly", "--no-profile")).out).not.toContain("profile");
  expect((await penstock("pipelines", "set", "nightly", "--profile", "none")).exit).toBe(2);
  expect((await asJson("pipelines", "rename", "nightly", "daily")).json.name).toBe("daily");
  expect((await penstock("pipelines", "delete", "daily")).exit).toBe(0);
  expect((await asJson("pipelines", "get", "daily")).json.error.code).toBe("not-found");
  expect((await asJson("pipelines", "restore", "daily")).json.name).toBe("daily");
});

test("an upload that lacks files says which and ends with 2", async () => {
  put({ "e.pipeline": elyraPipeline(["a.py"]) });
  const { exit, json } = await asJson("pipelines", "upload", "e.pipeline");
  expect([exit, json.version]).toMatchObject([2, { state: "incomplete", missing: ["a.py"] }]);
  expect((await asJson("pipelines", "upload", "p.json", "--name", "x", "--pipeline", "y")).exit).toBe(2);
  expect((await asJson("pipelines", "upload", "nowhere.yaml")).exit).toBe(2);
});

test("experiments: made, listed, read, archived, restored, deleted", async () => {
  expect(ExperimentItem.parse((await asJson("experiments", "create", "night")).json).name).toBe("night");
  expect((await asJson("experiments", "create", "night")).json.error.code).toBe("conflict");
  expect((await asJson("experiments", "archive", "night")).json.archivedAt).not.toBeNull();
  expect(listOf(ExperimentItem).parse((await asJson("experiments", "list", "--archived")).json).items).toHaveLength(1);
  expect((await asJson("experiments", "restore", "night")).json.archivedAt).toBeNull();
  expect((await penstock("experiments", "get", "night")).out).toMatch(/^night\n/);
  expect((await penstock("experiments", "delete", "night")).out).toContain("its runs stay");
  expect((await asJson("experiments", "get", "night")).exit).toBe(2);
  expect((await asJson("experiments", "restore", "night")).json.name).toBe("night");
  expect((await asJson("experiments", "delete", "Default")).json.error.code).toBe("conflict");
});

/** A run whose step has left a file and a folder. */
async function withArtifacts(): Promise<string> {
  const { json } = await asJson("submit", "p.json");
  sql().exec(
    "insert into task (run_key, path, step_path, name, kind, state, created_at) values (1, 'a', 'a', 'a', 'container', 'succeeded', 0)",
  );
  const { dataDir } = server.services.context;
  for (const [name, isDirectory] of [
    ["model.bin", 0],
    ["folder", 1],
  ] as const) {
    const path = `runs/1/1/1/out/${name}`;
    const place = join(dataDir.home, path);
    mkdirSync(isDirectory ? place : dirname(place), { recursive: true });
    writeFileSync(isDirectory ? join(place, "x.txt") : place, "bytes");
    sql()
      .prepare(
        "insert into artifact (run_key, task_key, name, type, path, uri, size, is_directory, metadata, created_at) values (1, 1, ?, 'system.Model', ?, ?, 5, ?, '{}', 7)",
      )
      .run(name, path, place, isDirectory);
  }
  return json.run.id;
}

test("artifacts: listed by run and type, fetched into a file, a folder or a pipe", async () => {
  const run = await withArtifacts();
  const { items } = listOf(ArtifactItem).parse((await asJson("artifacts", "list", "--run", run)).json);
  expect(items.map(({ name, task }) => [name, task.step])).toEqual([
    ["folder", "a"],
    ["model.bin", "a"],
  ]);
  expect((await asJson("artifacts", "list", "--type", "system.Dataset")).json.items).toEqual([]);
  expect((await asJson("artifacts", "list", "--search", "model")).json.items).toHaveLength(1);
  const page = (await asJson("artifacts", "list", "--limit", "1")).json;
  expect((await asJson("artifacts", "list", "--limit", "1", "--cursor", page.next)).json.items[0].name).toBe(
    "model.bin",
  );
  const fetched = await asJson("artifacts", "get", "1");
  expect(fetched).toMatchObject({ exit: 0, json: { id: 1, bytes: 5, file: join(server.folder, "model.bin") } });
  expect(readFileSync(join(server.folder, "model.bin"), "utf8")).toBe("bytes");
  expect((await asJson("artifacts", "get", "1")).json.error.message).toContain("--force");
  expect((await penstock("artifacts", "get", "1", "-o", "other.bin")).exit).toBe(0);
  expect((await penstock("artifacts", "get", "1", "-o", "-")).out).toBe("bytes");
  expect((await penstock("artifacts", "get", "2")).exit).toBe(0);
  expect(gunzipSync(readFileSync(join(server.folder, "folder.tar.gz"))).toString()).toContain("x.txt");
  expect((await asJson("artifacts", "get", "9")).json.error.code).toBe("not-found");
  expect((await asJson("artifacts", "get", "x")).exit).toBe(2);
  expect((await asJson("artifacts", "get", "1", "-o", "-")).exit).toBe(2);
});
