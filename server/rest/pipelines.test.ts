/** Pipelines and versions: made without a file, changed, found by tags, deleted. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { kfpSpec } from "@/server/services/testing-specs";
import { filter, form, items, type TestClient, TWO_DOCUMENTS, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

const upload = (name: string, tags = {}) =>
  client.ok(
    "POST",
    `/pipelines/upload?name=${name}&tags=${encodeURIComponent(JSON.stringify(tags))}`,
    form("p.yaml", TWO_DOCUMENTS),
  );

test("versions are added, read whatever pipeline the path names, and the newest one wins", async () => {
  const { pipeline_id } = await upload("p");
  client.services.advance(10);
  const path = `/pipelines/upload_version?name=v2&pipelineid=${pipeline_id}`;
  const v2 = await client.ok("POST", path, form("p.json", kfpSpec("two")));
  expect(v2).toMatchObject({ pipeline_id, name: "v2", pipeline_spec: { pipelineInfo: { name: "two" } } });
  const other = `/pipelines/other/versions/${v2.pipeline_version_id}`;
  expect(await client.ok("GET", other)).toMatchObject({ name: "v2" });
  const run = await client.ok("POST", "/runs", { display_name: "r", pipeline_version_reference: { pipeline_id } });
  expect(run.pipeline_version_reference).toEqual({ pipeline_id, pipeline_version_id: v2.pipeline_version_id });
  expect(await client.send("DELETE", `/pipelines/${pipeline_id}`)).toMatchObject({
    status: 400,
    body: {
      code: 3,
      details: [{ message: expect.stringMatching(/existing pipeline versions \(e\.g\. .+\)\. Set cascade=true/) }],
    },
  });
  expect(await client.ok("DELETE", other)).toEqual({});
  expect(await client.send("GET", other)).toMatchObject({
    status: 404,
    body: { details: [{ message: expect.stringContaining("PipelineVersion") }] },
  });
  expect(await client.send("DELETE", other)).toMatchObject({
    status: 404,
    body: { details: [{ message: expect.stringContaining("PipelineVersion") }] },
  });
  expect(await client.ok("DELETE", `/pipelines/${pipeline_id}?cascade=True`)).toEqual({});
  expect(await client.send("GET", `/pipelines/${pipeline_id}`)).toMatchObject({
    status: 404,
    body: { code: 5, message: expect.stringContaining("Failed to get a pipeline: Pipeline"), details: [{ code: 5 }] },
  });
  expect(await client.ok("GET", `/runs/${run.run_id}`)).toMatchObject({ display_name: "r" });
});

test("a pipeline is made without a version; its names stand in for each other and the name is unique", async () => {
  const made = await client.ok("POST", "/pipelines", { displayName: "Title", description: "d", tags: { a: "b" } });
  expect(made).toMatchObject({ name: "Title", display_name: "Title", description: "d", tags: { a: "b" } });
  expect(await client.ok("POST", "/pipelines", { name: "other", display_name: "Title" })).toMatchObject({
    name: "other",
  });
  expect(await client.ok("GET", `/pipelines/${made.pipeline_id}/versions`)).toEqual({});
  expect(await client.send("POST", "/pipelines", { name: "Title" })).toMatchObject({
    status: 409,
    body: {
      code: 6,
      details: [
        {
          message: "Failed to create a new pipeline. The name Title already exist(s). Please specify a new name",
        },
      ],
    },
  });
  const reference = { display_name: "r", pipeline_version_reference: { pipeline_id: made.pipeline_id } };
  expect(await client.send("POST", "/runs", reference)).toMatchObject({ status: 404 });
  expect(await client.ok("DELETE", `/pipelines/${made.pipeline_id}`)).toEqual({});
  for (const body of [{}, { name: "" }, { name: "n".repeat(129) }, { name: 1 }, { name: "x", tags: [] }]) {
    expect(await client.send("POST", "/pipelines", body)).toMatchObject({ status: 400, body: { code: 3 } });
  }
});

test("nothing is fetched from an address, and the answer says so", async () => {
  const { pipeline_id } = await upload("p");
  const package_url = { pipeline_url: "https://storage.googleapis.com/x.yaml" };
  const importing = [
    ["/pipelines/create", { pipeline: { name: "q" }, pipeline_version: { package_url } }],
    [`/pipelines/${pipeline_id}/versions`, { pipeline_id, name: "v", package_url }],
  ] as const;
  for (const [path, body] of importing) {
    expect(await client.send("POST", path, body)).toMatchObject({
      status: 400,
      body: {
        code: 3,
        details: [{ message: expect.stringContaining("fetches no pipelines. Upload the file instead") }],
      },
    });
  }
  const nowhere = await client.send("POST", "/pipelines/create", { pipeline: { name: "q" } });
  expect(nowhere).toMatchObject({ status: 400, body: { details: [{ message: expect.stringContaining("empty") }] } });
  expect(await client.send("POST", "/pipelines/nobody/versions", { package_url })).toMatchObject({ status: 404 });
  expect((await client.ok("GET", "/pipelines")).total_size).toBe(1);
});

test("PATCH changes the title unless it is empty, and the tags unless they are absent", async () => {
  const { pipeline_id: id } = await upload("p", { a: "1" });
  const [version] = items((await client.ok("GET", `/pipelines/${id}/versions`)).pipeline_versions);
  for (const path of [`/pipelines/${id}`, `/pipelines/${id}/versions/${version?.pipeline_version_id}`]) {
    const change = (body: unknown) => client.ok("PATCH", path, body);
    await change({ tags: { a: "1", b: "2" } });
    const titled = await change({ display_name: "Title", name: "ignored", description: "ignored", pipeline_id: "x" });
    expect(titled).toMatchObject({ name: "p", display_name: "Title", tags: { a: "1", b: "2" } });
    expect(titled.description).toBeUndefined();
    expect(await change({ displayName: "", tags: { c: "3" } })).toMatchObject({
      display_name: "Title",
      tags: { c: "3" },
    });
    expect(await change({ tags: {} })).not.toHaveProperty("tags");
    expect(await client.send("PATCH", path, { tags: { "": "x" } })).toMatchObject({ status: 400 });
    expect(await client.send("PATCH", path, { display_name: 5 })).toMatchObject({ status: 400 });
  }
  expect(await client.send("PATCH", "/pipelines/nobody", {})).toMatchObject({ status: 404, body: { code: 5 } });
  expect(await client.send("PATCH", "/pipelines/x/versions/nobody", {})).toMatchObject({ status: 404 });
});

test("pipelines and versions are found by their tags, several joined by AND, page by page", async () => {
  for (const name of ["a", "b", "c"]) {
    client.services.advance(1000);
    await upload(name, { team: "x", name });
  }
  await upload("d", { team: "y" });
  const tag = (name: string, value: string) => ({ operation: "EQUALS", key: `tags.${name}`, string_value: value });
  const names = async (query: string) =>
    items((await client.ok("GET", `/pipelines?${query}`)).pipelines).map(({ name }) => name);
  expect(await names(filter(tag("team", "x")))).toEqual(["a", "b", "c"]);
  expect(await names(filter(tag("team", "x"), tag("name", "b")))).toEqual(["b"]);
  const named = { operation: 1, key: "name", stringValue: "c" };
  expect(await names(filter(tag("team", "x"), named))).toEqual(["c"]);
  const first = await client.ok("GET", `/pipelines?page_size=2&${filter(tag("team", "x"))}`);
  const next = `page_token=${first.next_page_token}`;
  expect(await names(next)).toEqual(["c"]);
  expect(await names(`${next}&${filter(tag("team", "x"))}`)).toEqual(["c"]);
  expect(await client.send("GET", `/pipelines?${next}&${filter(tag("team", "y"))}`)).toMatchObject({ status: 400 });
  for (const wrong of [
    { operation: "NOT_EQUALS", key: "tags.team", string_value: "x" },
    { operation: "EQUALS", key: "tags.team", int_value: 1 },
    { operation: "IN", key: "tags.team", string_values: { values: ["x"] } },
  ]) {
    expect(await client.send("GET", `/pipelines?${filter(wrong)}`)).toMatchObject({ status: 400 });
  }
  const { pipeline_id } = await client.ok("GET", "/pipelines/names/a");
  const uploaded = `/pipelines/upload_version?name=v2&pipelineid=${pipeline_id}&tags=%7B%22k%22%3A%22v%22%7D`;
  await client.ok("POST", uploaded, form("p.yaml", TWO_DOCUMENTS));
  const versions = await client.ok("GET", `/pipelines/${pipeline_id}/versions?${filter(tag("k", "v"))}`);
  expect(versions).toMatchObject({ total_size: 1, pipeline_versions: [{ name: "v2" }] });
  expect(await client.send("GET", `/runs?${filter(tag("k", "v"))}`)).toMatchObject({ status: 400 });
});
