/** Uploads: names, archives, tags, and errors in a shape of their own with nothing half stored. */
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kfpSpec } from "@/server/services/testing-specs";
import { form, items, type TestClient, TWO_DOCUMENTS, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

test("an upload makes a pipeline and its first version under the file's whole name", async () => {
  const pipeline = await client.ok("POST", "/pipelines/upload", form("hello-world.yaml", TWO_DOCUMENTS));
  expect(pipeline).toMatchObject({
    name: "hello-world.yaml",
    display_name: "hello-world.yaml",
    created_at: "2026-11-21T10:00:00.000Z",
  });
  const { pipeline_versions: versions, total_size } = await client.ok(
    "GET",
    `/pipelines/${pipeline.pipeline_id}/versions`,
  );
  expect(total_size).toBe(1);
  expect(versions).toMatchObject([
    {
      name: "hello-world.yaml",
      pipeline_id: pipeline.pipeline_id,
      pipeline_spec: { pipeline_spec: { schemaVersion: "2.1.0" }, platform_spec: { platforms: { kubernetes: {} } } },
    },
  ]);
});

test("the query names and labels what is made: tags go to the pipeline, the source's address to the version", async () => {
  const tags = encodeURIComponent(JSON.stringify({ team: "ml", env: "" }));
  const query = `name=p&display_name=Title&description=Why&tags=${tags}&code_source_url=https%3A%2F%2Fx.example%2Fa&namespace=n`;
  const pipeline = await client.ok("POST", `/pipelines/upload?${query}`, form("p.yaml", TWO_DOCUMENTS));
  expect(pipeline).toMatchObject({
    name: "p",
    display_name: "Title",
    description: "Why",
    tags: { team: "ml", env: "" },
  });
  const { pipeline_versions } = await client.ok("GET", `/pipelines/${pipeline.pipeline_id}/versions`);
  const [version] = items(pipeline_versions);
  expect(version).toMatchObject({
    name: "p",
    display_name: "Title",
    description: "Why",
    code_source_url: "https://x.example/a",
  });
  expect(version?.tags).toBeUndefined();
  const second = `pipelineid=${pipeline.pipeline_id}&name=v2&tags=${tags}`;
  expect(await client.ok("POST", `/pipelines/upload_version?${second}`, form("v2.yaml", TWO_DOCUMENTS))).toMatchObject({
    name: "v2",
    tags: { team: "ml" },
  });
});

test("a display name stands in for the name; a gzipped tape is opened", async () => {
  expect(await client.ok("POST", "/pipelines/upload?display_name=Only", form("x.yaml", TWO_DOCUMENTS))).toMatchObject({
    name: "Only",
  });
  const tape = pack();
  tape.entry({ name: "pipeline.yaml" }, TWO_DOCUMENTS);
  tape.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tape) chunks.push(Buffer.from(chunk as Uint8Array));
  const archive = new Uint8Array(gzipSync(Buffer.concat(chunks)));
  expect(await client.ok("POST", "/pipelines/upload?name=tape", form("tape.tar.gz", archive))).toMatchObject({
    name: "tape",
  });
});

test("upload errors have their own shape and leave nothing behind", async () => {
  const tags = (value: unknown) => `tags=${encodeURIComponent(JSON.stringify(value))}`;
  const { pipeline_id: id } = await client.ok("POST", "/pipelines/upload?name=p", form("p.yaml", TWO_DOCUMENTS));
  const refused = async (path: string, status: number, text: string, body = form("q.yaml", TWO_DOCUMENTS)) => {
    const answer = await client.send("POST", path, body);
    expect(answer).toMatchObject({
      status,
      body: { error_message: expect.stringContaining(text), error_details: expect.any(String) },
    });
    expect(answer.body.code).toBeUndefined();
  };
  await refused("/pipelines/upload?name=p", 409, "The name p already exist(s). Please specify a new name");
  await refused("/pipelines/upload?name=q", 400, "Failed to create a pipeline", form("q.yaml", "a: 1"));
  await refused("/pipelines/upload", 400, "uploadfile", new FormData());
  await refused("/pipelines/upload?name=q&tags=nonsense", 400, "Failed to parse tags query parameter");
  await refused(`/pipelines/upload?name=q&${tags({ a: 1 })}`, 400, "tags");
  await refused(`/pipelines/upload?name=q&${tags({ "a.b": "c" })}`, 400, "dot");
  await refused(`/pipelines/upload?name=q&${tags({ a: "x".repeat(64) })}`, 400, "63");
  await refused(`/pipelines/upload?name=q&tags=%7B%22__proto__%22%3A%22a%22%7D`, 400, "tags");
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`t${at}`, "v"]));
  await refused(`/pipelines/upload?name=q&${tags(many)}`, 400, "20");
  await refused(`/pipelines/upload?name=${"é".repeat(65)}`, 400, "Pipeline.Name length cannot exceed 128");
  await refused("/pipelines/upload_version?name=v2", 400, "pipeline id");
  await refused("/pipelines/upload_version?name=v2&pipelineid=nobody", 400, "Pipeline nobody not found");
  await refused(
    `/pipelines/upload_version?name=p&pipelineid=${id}`,
    409,
    "Failed to create a new pipeline version. The name p already exist. Specify a new name",
  );
  await refused(
    `/pipelines/upload_version?name=${"v".repeat(128)}&pipelineid=${id}`,
    400,
    "PipelineVersion.Name length cannot exceed 127",
  );
  const { $client: sql } = client.services.context.db;
  expect(sql.prepare("select count(*) from pipeline").pluck().get()).toBe(1);
  expect(sql.prepare("select count(*) from version").pluck().get()).toBe(1);
  expect(sql.prepare("select count(*) from pipeline_tag").pluck().get()).toBe(0);
});

test("an upload that is sent again under its key is the same pipeline, and the same version", async () => {
  const once = { "idempotency-key": "k" };
  const upload = (path: string, text = TWO_DOCUMENTS) => client.ok("POST", path, form("p.yaml", text), once);
  const pipeline = await upload("/pipelines/upload?name=p");
  expect(await upload("/pipelines/upload?name=p")).toEqual(pipeline);
  const version = `/pipelines/upload_version?name=v2&pipelineid=${pipeline.pipeline_id}`;
  expect(await upload(version)).toEqual(await upload(version));
  const other = form("p.yaml", kfpSpec("other").replace("{", "{ "));
  expect(await client.send("POST", "/pipelines/upload?name=p", other, once)).toMatchObject({
    status: 409,
    body: { error_message: expect.stringContaining("belongs to another request") },
  });
  expect((await client.ok("GET", `/pipelines/${pipeline.pipeline_id}/versions`)).total_size).toBe(2);
});
