/** Asking interpreters: once each, again when their file changed, and in words when they are no good. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { interpreters } from "./interpreter";

let folder = "";
let python = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "penstock-python-"));
  python = join(folder, "python");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in that notes each question. */
const install = (version: string): void =>
  writeFileSync(python, `#!/bin/sh\necho asked >> ${folder}/asked\nprintf '${python}\\n${version}\\n'\n`, {
    mode: 0o755,
  });
const asked = (): number => readFileSync(join(folder, "asked"), "utf8").trim().split("\n").length;

describe("interpreters", () => {
  it("are asked once, however many want to know at once", async () => {
    install("3.11.1");
    const known = interpreters(process.env);
    expect(known.known(python)).toBeNull();
    const found = await Promise.all([known.find(python), known.find(python), known.find(python)]);
    expect(found[0]).toMatchObject({ executable: python, version: "3.11.1" });
    expect(known.known(python)).toBe(found[0]);
    expect(asked()).toBe(1);
  });

  it("are asked again when they were upgraded, and refused when they are gone", async () => {
    install("3.11.1");
    const known = interpreters(process.env);
    await known.find(python);
    rmSync(python);
    expect(known.known(python)).toBeNull();
    await expect(known.find(python)).rejects.toMatchObject({ reason: { code: "bad-interpreter", subject: python } });
    install("3.12.0");
    expect(await known.find(python)).toMatchObject({ version: "3.12.0" });
  });

  it("are refused when they are no Python", async () => {
    writeFileSync(python, "#!/bin/sh\necho hello\n", { mode: 0o755 });
    await expect(interpreters(process.env).find(python)).rejects.toThrow(/it answered "hello"/);
  });
});
