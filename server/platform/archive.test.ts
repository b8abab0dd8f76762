/** Archives made here, good and hostile: each is unpacked or refused with a message of its own, and leaves nothing. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Header, pack } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { type ArchiveLimits, extractArchive } from "./archive";
import { entryNameProblem } from "./archive-paths";
import { ArchiveRefused } from "./archive-refused";

const home = mkdtempSync(join(tmpdir(), "archive-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let count = 0;

type Item = [name: string, content: string | Buffer, options?: { mode?: number }];

async function zip(...items: Item[]): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content, options] of items) {
    file.addBuffer(Buffer.from(content), name, { ...options, mtime: new Date(0) });
  }
  file.end();
  return buffer(file.outputStream);
}

/** Renames an entry inside finished bytes, since no packer writes such names. */
function renamed(bytes: Buffer, from: string, to: string): Buffer {
  expect(from.length).toBe(to.length);
  return Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
}

async function tar(...items: [Partial<Header> & { name: string }, string?][]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content = ""] of items) archive.entry(header, content);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

async function unpack(bytes: Buffer | string, limits?: ArchiveLimits): Promise<{ [path: string]: string }> {
  count += 1;
  const archive = join(home, `${count}.bin`);
  const directory = join(home, `${count}`);
  writeFileSync(archive, bytes);
  const files = await extractArchive(archive, directory, limits);
  return Object.fromEntries(files.map(({ path }) => [path, readFileSync(join(directory, path), "utf8")]));
}

async function fault(bytes: Buffer | string, limits?: ArchiveLimits): Promise<string> {
  try {
    await unpack(bytes, limits);
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    expect(existsSync(join(home, `${count}`))).toBe(false);
    expect(error.message).toMatch(/\.$/);
    return error.fault;
  }
  return "accepted";
}

describe("good archives", () => {
  it("unpacks a zip in order and skips folders and clutter", async () => {
    const files = await unpack(
      await zip(["b/x.txt", "1"], ["a.yaml", "2"], ["__MACOSX/._a.yaml", "3"], [".DS_Store", "4"]),
    );
    expect(Object.entries(files)).toEqual([
      ["b/x.txt", "1"],
      ["a.yaml", "2"],
    ]);
  });

  it("unpacks a tar.gz", async () => {
    const files = await unpack(await tar([{ name: "./d", type: "directory" }], [{ name: "./d/p.yaml" }, "x"]));
    expect(files).toEqual({ "d/p.yaml": "x" });
  });
});

describe("refusals", () => {
  it("text named .zip, and nothing at all", async () => {
    expect(await fault("this is no archive")).toBe("not-an-archive");
    expect(await fault("")).toBe("not-an-archive");
  });

  it("an empty zip and an empty tar.gz", async () => {
    expect(await fault(await zip())).toBe("empty");
    expect(await fault(await tar())).toBe("empty");
    expect(await fault(await tar([{ name: "d", type: "directory" }]))).toBe("empty");
  });

  it("cut off at any place", async () => {
    const noise = Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * n * 31) % 251));
    const whole = [await zip(["a.yaml", noise], ["b", "2"]), await tar([{ name: "a.yaml" }, noise.toString("base64")])];
    for (const bytes of whole) {
      for (const part of [0.2, 0.5, 0.9, 0.99])
        expect(await fault(bytes.subarray(0, bytes.length * part))).toBe("damaged");
    }
  });

  it("a gzip that holds no tar", async () => {
    expect(await fault(gzipSync("a: 1\n".repeat(500)))).toBe("damaged");
  });

  it("a changed byte in the content of a zip", async () => {
    const bytes = await zip(["a.txt", "some text that is stored".repeat(20)]);
    bytes[60] = (bytes[60] ?? 0) ^ 0xff;
    expect(await fault(bytes)).toBe("damaged");
  });

  it("paths that lead outside", async () => {
    const bytes = await zip(["aa/evil.txt", "x"]);
    expect(await fault(renamed(bytes, "aa/evil.txt", "../evil.txt"))).toBe("bad-path");
    expect(await fault(renamed(bytes, "aa/evil.txt", "/a/evil.txt"))).toBe("bad-path");
    expect(await fault(renamed(bytes, "aa/evil.txt", "..\\evil.txt"))).toBe("bad-path");
    expect(await fault(renamed(bytes, "aa/evil.txt", "C:/evil.txt"))).toBe("bad-path");
    expect(await fault(await tar([{ name: "../evil.txt" }, "x"]))).toBe("bad-path");
    expect(await fault(await tar([{ name: "/etc/evil" }, "x"]))).toBe("bad-path");
    expect(existsSync(join(home, "evil.txt"))).toBe(false);
  });

  it("a zip whose content is still being opened, without a read of a file that is closed", async () => {
    const climbing = renamed(
      await zip(["aa-evil.txt", Buffer.alloc(200_000, "content")]),
      "aa-evil.txt",
      "../evil.txt",
    );
    for (let time = 0; time < 50; time += 1) expect(await fault(climbing)).toBe("bad-path");
  });

  it("links and devices", async () => {
    expect(await fault(await zip(["link", "/etc/passwd", { mode: 0o120777 }]))).toBe("link");
    expect(await fault(await zip(["pipe", "", { mode: 0o010644 }]))).toBe("special-file");
    expect(await fault(await tar([{ name: "link", type: "symlink", linkname: "/etc" }]))).toBe("link");
    expect(await fault(await tar([{ name: "a" }, "x"], [{ name: "b", type: "link", linkname: "a" }]))).toBe("link");
    expect(await fault(await tar([{ name: "dev", type: "character-device" }]))).toBe("special-file");
  });

  it("names that stand twice, also as a file and a folder", async () => {
    expect(await fault(await zip(["a", "1"], ["a", "2"]))).toBe("duplicate");
    expect(await fault(await zip(["a", "1"], ["a/b", "2"]))).toBe("duplicate");
    expect(await fault(await zip(["a/b", "1"], ["a", "2"]))).toBe("duplicate");
    expect(await fault(await tar([{ name: "a" }, "1"], [{ name: "./a" }, "2"]))).toBe("duplicate");
  });

  it("bombs, by ratio, size and number", async () => {
    const zeros = Buffer.alloc(20 * 1024 * 1024);
    expect(await fault(await zip(["zeros", zeros]))).toBe("ratio");
    expect(await fault(await tar([{ name: "zeros" }, zeros.toString("latin1")]))).toBe("ratio");
    const bombs = Array.from({ length: 64 }, () => gzipSync(zeros.subarray(0, 1024 * 1024)));
    expect(await fault(Buffer.concat([await tar([{ name: "a" }, "x"]), ...bombs]))).toBe("ratio");
    expect(await fault(await tar([{ name: "__MACOSX/a" }, Buffer.concat([zeros, zeros]).toString("latin1")]))).toBe(
      "ratio",
    );
    const small: ArchiveLimits = { bytes: 1_000, entries: 3, ratio: 200 };
    expect(await fault(await zip(["a", "x".repeat(600)], ["b", "y".repeat(600)]), small)).toBe("too-large");
    expect(await fault(await zip(...["a", "b", "c", "d"].map((name): Item => [name, ""])), small)).toBe(
      "too-many-entries",
    );
    const many = ["a", "b", "c", "d"].map((name): [Partial<Header> & { name: string }, string] => [{ name }, "x"]);
    expect(await fault(await tar(...many), small)).toBe("too-many-entries");
  });

  it("an encrypted zip", async () => {
    const bytes = await zip(["a", "secret"]);
    for (const [signature, at] of [
      ["PK\u0003\u0004", 6],
      ["PK\u0001\u0002", 8],
    ] as const) {
      const offset = bytes.indexOf(signature, 0, "latin1") + at;
      bytes[offset] = (bytes[offset] ?? 0) | 1;
    }
    expect(await fault(bytes)).toBe("encrypted");
  });

  it("anything that only begins like an archive", async () => {
    const anything = fc.tuple(
      fc.constantFrom("PK\u0003\u0004", "PK\u0005\u0006", "\u001f\u008b\u0008"),
      fc.uint8Array({ maxLength: 300 }),
    );
    await fc.assert(
      fc.asyncProperty(anything, async ([head, rest]) => {
        expect(await fault(Buffer.concat([Buffer.from(head, "latin1"), rest]))).not.toBe("accepted");
      }),
      { numRuns: 60 },
    );
  });
});

it("no accepted name leads out of its directory", () => {
  const part = fc.constantFrom("..", ".", "", "a", "\\", "\u0000", "C:", "b.txt", "%2e%2e", "…");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const name = parts.join("/");
      if (entryNameProblem(name) === null) expect(join("/base", name).startsWith("/base/")).toBe(true);
    }),
  );
});
