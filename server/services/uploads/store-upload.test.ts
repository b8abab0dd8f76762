import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { filesOfVersion, findVersion } from "@/db/queries/version-rows";
import { type TestServices, testServices } from "../testing";
import { elyraPipeline, kfpSpec } from "../testing-specs";
import { completeVersion, storeUpload } from "./store-upload";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const pathsOf = (versionId: string) => {
  const version = findVersion(services.context.db, versionId);
  return filesOfVersion(services.context.db, version?.key ?? 0).map((file) => file.path);
};

async function zipOf(entries: { readonly [name: string]: string }): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

test("a compiled pipeline becomes a runnable version named after its file", async () => {
  const upload = await storeUpload(services.context, { files: [services.receive("dir/train.yaml", kfpSpec("x"))] });
  expect(upload).toMatchObject({
    pipeline: { name: "train" },
    version: { number: 1, state: "runnable" },
    unchanged: false,
  });
});

test("the same text again changes nothing, another text is the next version of the same name", async () => {
  const one = await storeUpload(services.context, { files: [services.receive("train.yaml", kfpSpec("x"))] });
  const again = await storeUpload(services.context, { files: [services.receive("train.yaml", kfpSpec("x"))] });
  expect(again).toMatchObject({ unchanged: true, version: { id: one.version.id } });
  const other = await storeUpload(services.context, {
    files: [services.receive("train.yaml", kfpSpec("x", ["a", "b"]))],
  });
  expect(other).toMatchObject({ unchanged: false, version: { number: 2 }, pipeline: { id: one.pipeline.id } });
  const back = await storeUpload(services.context, { files: [services.receive("train.yaml", kfpSpec("x"))] });
  expect(back).toMatchObject({ unchanged: false, version: { number: 3 } });
});

test("a name that was asked for must be free", async () => {
  const files = () => [services.receive("train.yaml", kfpSpec("x"))];
  await storeUpload(services.context, { files: files(), name: "mine" });
  await expect(storeUpload(services.context, { files: files(), name: "mine" })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a lone .pipeline is Incomplete until the files it names arrive, then runnable and closed", async () => {
  const text = elyraPipeline(["scripts/a.py", "b.py"]);
  const upload = await storeUpload(services.context, { files: [services.receive("p.pipeline", text)] });
  expect(upload.version).toMatchObject({ state: "incomplete", missing: ["scripts/a.py", "b.py"] });
  const first = await completeVersion(services.context, upload.version.id, [services.receive("b.py", "print(1)")]);
  expect(first.version).toMatchObject({ state: "incomplete", missing: ["scripts/a.py"] });
  const loose = await completeVersion(services.context, upload.version.id, [services.receive("a.py", "print(2)")]);
  expect(loose.version).toMatchObject({ id: upload.version.id, number: 1, state: "runnable", missing: [] });
  expect(pathsOf(upload.version.id)).toEqual(["b.py", "scripts/a.py"]);
  await expect(
    completeVersion(services.context, upload.version.id, [services.receive("b.py", "other")]),
  ).rejects.toMatchObject({ code: "conflict" });
});

test("uploading the same .pipeline with its files completes the version that misses them", async () => {
  const text = elyraPipeline(["../scripts/a.py", "b.py"]);
  const lone = await storeUpload(services.context, { files: [services.receive("p.pipeline", text)] });
  expect(lone.version.state).toBe("incomplete");
  const whole = await storeUpload(services.context, {
    files: [
      services.receive("proj/flows/p.pipeline", text),
      services.receive("proj/flows/b.py", "b"),
      services.receive("proj/scripts/a.py", "a"),
      services.receive("proj/README.md", "not named, kept with the folder"),
    ],
  });
  expect(whole.version).toMatchObject({ id: lone.version.id, state: "runnable" });
  expect(pathsOf(lone.version.id)).toEqual(["README.md", "flows/b.py", "scripts/a.py"]);
});

test("a folder around the missing files is looked through", async () => {
  const upload = await storeUpload(services.context, {
    files: [services.receive("p.pipeline", elyraPipeline(["lib/a.py"]))],
  });
  const done = await completeVersion(services.context, upload.version.id, [services.receive("proj/lib/a.py", "a")]);
  expect(done.version.state).toBe("runnable");
  expect(pathsOf(upload.version.id)).toEqual(["lib/a.py"]);
});

test("a zip with a .pipeline is a bundle; its bytes are stored once by content", async () => {
  const zip = await zipOf({ "p/p.pipeline": elyraPipeline(["a.py"]), "p/a.py": "same", "p/copy.py": "same" });
  const upload = await storeUpload(services.context, { files: [services.receive("bundle.zip", zip)] });
  expect(upload).toMatchObject({ pipeline: { name: "p" }, version: { state: "runnable" } });
  const { blobs } = services.context.dataDir;
  expect(readdirSync(blobs).flatMap((folder) => readdirSync(join(blobs, folder)))).toHaveLength(1);
});

test("an archive without a .pipeline follows Kubeflow's rule and takes the archive's name", async () => {
  const zip = await zipOf({ "z.txt": "first", "pipeline.yaml": kfpSpec("x") });
  const upload = await storeUpload(services.context, { files: [services.receive("hello.zip", zip)] });
  expect(upload).toMatchObject({ pipeline: { name: "hello" }, version: { state: "runnable" } });
});

test.each([
  ["a picture called .pipeline", "p.pipeline", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0])],
  ["an empty file", "p.yaml", ""],
  ["broken JSON", "p.json", "{"],
  ["a truncated zip", "p.zip", Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0])],
  ["text that is no pipeline", "notes.txt", "hello"],
])("%s is refused and nothing of it stays", async (_what, path, content) => {
  const { context } = services;
  await expect(storeUpload(context, { files: [services.receive(path, content)] })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(/\w/),
  });
  expect(existsSync(context.dataDir.blobs)).toBe(false);
  expect(readdirSync(context.dataDir.tmp)).toEqual(["received-1"]);
  expect(context.db.$client.prepare("select count(*) from version").pluck().get()).toBe(0);
  expect(context.db.$client.prepare("select count(*) from pipeline").pluck().get()).toBe(0);
});

test.each(["../p.pipeline", "/etc/p.pipeline", "a/../../p.pipeline", "a\\p.pipeline", "a\0.pipeline"])(
  "the path %j is refused",
  async (path) => {
    const files = [services.receive(path, elyraPipeline(["a.py"]))];
    await expect(storeUpload(services.context, { files })).rejects.toMatchObject({ code: "invalid" });
  },
);

test("when the rows cannot be written, the bytes are taken away again", async () => {
  const { context } = services;
  context.db.$client.exec(
    "create trigger broken before insert on version_spec begin select raise(abort, 'broken'); end",
  );
  const files = [services.receive("p.pipeline", elyraPipeline(["a.py"])), services.receive("a.py", "a")];
  await expect(storeUpload(context, { files })).rejects.toThrow(/broken/);
  const { blobs } = context.dataDir;
  expect(readdirSync(blobs).flatMap((folder) => readdirSync(join(blobs, folder)))).toEqual([]);
  expect(context.db.$client.prepare("select count(*) from pipeline").pluck().get()).toBe(0);
});

test("an Incomplete version is refused where the sender does not want one", async () => {
  const files = [services.receive("p.pipeline", elyraPipeline(["a.py"]))];
  await expect(storeUpload(services.context, { files, keepIncomplete: false })).rejects.toMatchObject({
    code: "refused",
    problems: [{ rule: "missing-file", place: "a.py" }],
  });
});

test("bytes that are there already are used, whoever brought them", async () => {
  const { context } = services;
  const files = () => [services.receive("p.pipeline", elyraPipeline(["a.py"])), services.receive("a.py", "same")];
  const [one, two] = await Promise.all([
    storeUpload(context, { files: files(), name: "one" }),
    storeUpload(context, { files: files(), name: "two" }),
  ]);
  expect([one.version.state, two.version.state]).toEqual(["runnable", "runnable"]);
});
