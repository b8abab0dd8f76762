/** What pods fetch and bring, over real HTTP: whole or not at all, where they may, and with their own token alone. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, type Header, pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HTTP_STATUS, ProblemError } from "@/server/domain/problem-error";
import { grantPodFiles } from "@/server/platform/pod-files";
import { answerPodOf } from "./pod-files";

type Item = Partial<Header> & { readonly name: string; readonly text?: string };

let home: string;
let directory: string;
let server: Server;
let url: string;
let token: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "penstock-pod-"));
  directory = join(home, "1");
  for (const name of ["given", "out", "both"]) mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, "given", "data"), "given\n");
  symlinkSync("data", join(directory, "given", "link"));
  writeFileSync(join(home, "canary"), "untouched");
  token = grantPodFiles(directory, [
    { path: join(directory, "given"), isWritable: false, returns: "nothing" },
    { path: join(directory, "out"), isWritable: true, returns: "all" },
    { path: join(directory, "both"), isWritable: true, returns: "newer" },
  ]);
  server = createServer((request, response) => {
    answerPodOf(directory, request, response).catch((error: unknown) => {
      response.writeHead(error instanceof ProblemError ? HTTP_STATUS[error.code] : 500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(home, { recursive: true, force: true });
});

const asked = (init: RequestInit = {}, by = token): Promise<Response> =>
  fetch(url, { ...init, headers: { Authorization: `Bearer ${by}` } });

async function archive(...items: readonly Item[]): Promise<Buffer> {
  const tar = pack();
  for (const { text = "", ...header } of items) tar.entry(header, text);
  tar.finalize();
  return buffer(tar as unknown as Readable);
}

const bring = async (...items: readonly Item[]): Promise<number> =>
  (await asked({ method: "POST", body: new Uint8Array(await archive(...items)) })).status;

/** Nothing of a refused archive is left, and nothing outside was touched. */
function expectNothing(): void {
  expect(readdirSync(join(directory, "out"))).toEqual([]);
  expect(readdirSync(directory).filter((name) => name.startsWith("arriving-"))).toEqual([]);
  expect(readFileSync(join(home, "canary"), "utf8")).toBe("untouched");
}

it("a pod fetches its mounts by number, what it is to bring, and a last entry that says all of it came", async () => {
  const entries: { [name: string]: string } = {};
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk) => chunks.push(chunk as Buffer));
    stream.on("end", () => {
      entries[header.name] = header.type === "symlink" ? `-> ${header.linkname}` : Buffer.concat(chunks).toString();
      next();
    });
  });
  const done = new Promise<void>((resolve) => reader.on("finish", () => resolve()));
  reader.end(Buffer.from(await (await asked()).arrayBuffer()));
  await done;
  expect(entries).toMatchObject({ "m/0/data": "given\n", "m/0/link": "-> data", deliver: "all 1\nnewer 2\n" });
  expect(Object.keys(entries).at(-1)).toBe("complete");
});

it("what a pod brings is at its place, links and hard links among it", async () => {
  const status = await bring(
    { name: "1/", type: "directory" },
    { name: "1/deep/er/file", text: "one", mode: 0o755 },
    { name: "1/again", type: "link", linkname: "1/deep/er/file" },
    { name: "1/near", type: "symlink", linkname: "deep/er/file" },
    { name: "2/other", text: "two" },
  );
  expect(status).toBe(200);
  const out = (name: string) => readFileSync(join(directory, "out", name), "utf8");
  expect([out("deep/er/file"), out("again"), out("near")]).toEqual(["one", "one", "one"]);
  expect(lstatSync(join(directory, "out", "deep/er/file")).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(directory, "both", "other"), "utf8")).toBe("two");
});

describe("an archive is refused whole", () => {
  it.each<[string, readonly Item[]]>([
    [
      "that climbs out",
      [
        { name: "1/a", text: "x" },
        { name: "1/../../canary", text: "x" },
      ],
    ],
    ["with an absolute name", [{ name: "/etc/canary", text: "x" }]],
    ["of a mount that is not brought back", [{ name: "0/data", text: "x" }]],
    ["of no mount", [{ name: "9/a", text: "x" }]],
    ["of something beside the mounts", [{ name: "ended.json", text: "{}" }]],
    ["with an empty part in a name", [{ name: "1//a", text: "x" }]],
  ])("%s", async (_, items) => {
    expect(await bring(...items)).toBe(400);
    expectNothing();
  });

  it("that was cut off", async () => {
    const whole = await archive({ name: "1/a", text: "x".repeat(2_000) });
    const answer = await asked({ method: "POST", body: new Uint8Array(whole.subarray(0, 1_200)) });
    expect(answer.status).toBe(503);
    expectNothing();
  });
});

it("links that lead out of their mount are left out, and none is written through", async () => {
  symlinkSync(home, join(directory, "out", "way"));
  expect(await bring({ name: "1/way/canary", text: "changed" })).toBe(400);
  rmSync(join(directory, "out", "way"));
  expect(await bring({ name: "1/way", type: "symlink", linkname: "../.." }, { name: "1/way/canary", text: "x" })).toBe(
    200,
  );
  expect(readFileSync(join(home, "canary"), "utf8")).toBe("untouched");
  expect(readFileSync(join(directory, "out", "way", "canary"), "utf8")).toBe("x");
  symlinkSync(join(home, "canary"), join(directory, "both", "at"));
  expect(await bring({ name: "2/at", text: "over the link" })).toBe(200);
  expect(readFileSync(join(home, "canary"), "utf8")).toBe("untouched");
  expect(readFileSync(join(directory, "both", "at"), "utf8")).toBe("over the link");
});

it("a token is good for its attempt alone, and not after the attempt's end", async () => {
  for (const other of ["", "x".repeat(43), token.slice(1), `${token}x`]) {
    expect((await asked({}, other)).status).toBe(401);
  }
  const another = join(home, "2");
  mkdirSync(another);
  expect((await asked({}, grantPodFiles(another, []))).status).toBe(401);
  expect(readFileSync(join(directory, "grant.json"), "utf8")).not.toContain(token);
  writeFileSync(join(directory, "ended.json"), "{}");
  expect((await asked()).status).toBe(401);
  expect(existsSync(join(directory, "out", "late"))).toBe(false);
});
