/** A package index of one's own: named by a component's line, or by the installation. A real one, over HTTP, on loopback. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { environmentKey, pythonEnvironments } from "./environments";
import { type Interpreter, interpreters } from "./interpreter";

/** Writes a wheel by hand: no build tool, so no other index. */
const WHEEL = `
import sys, zipfile
name = "own_thing-2.0.dist-info"
with zipfile.ZipFile(sys.argv[1] + "/own_thing-2.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("own_thing.py", "ANSWER = 43\\n")
    wheel.writestr(name + "/METADATA", "Metadata-Version: 2.1\\nName: own-thing\\nVersion: 2.0\\n")
    wheel.writestr(name + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(name + "/RECORD", "own_thing.py,,\\n" + name + "/METADATA,,\\n" + name + "/WHEEL,,\\n" + name + "/RECORD,,\\n")
`;
const FILE = "own_thing-2.0-py3-none-any.whl";
const SLOW = 120_000;

let wheels = "";
let envs = "";
let index: Server;
let url = "";
let asked: string[] = [];
let python: Interpreter;

beforeAll(async () => {
  wheels = mkdtempSync(join(tmpdir(), "penstock-index-"));
  execFileSync("python3", ["-c", WHEEL, wheels]);
  python = await interpreters(process.env).find("python3");
  index = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/simple/own-thing/") {
      response.writeHead(200, { "Content-Type": "text/html" }).end(`<a href="/files/${FILE}">${FILE}</a>`);
    } else if (request.url === `/files/${FILE}`) response.writeHead(200).end(readFileSync(join(wheels, FILE)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => index.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(index.address() as AddressInfo).port}/simple`;
});
afterAll(async () => {
  await new Promise((resolve) => index.close(resolve));
  rmSync(wheels, { recursive: true, force: true });
});
beforeEach(() => {
  envs = mkdtempSync(join(tmpdir(), "penstock-envs-"));
  asked = [];
});
afterEach(() => rmSync(envs, { recursive: true, force: true }));

/** Neither the machine's index nor its wheels. */
const bare = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:PIP|UV)_/.test(name))),
  PIP_CONFIG_FILE: "/dev/null",
  NO_PROXY: "127.0.0.1",
  NODE_ENV: "test",
});

const answer = (executable: string): string =>
  execFileSync(executable, ["-c", "import own_thing; print(own_thing.ANSWER)"], { encoding: "utf8" }).trim();
const waiter = () => ({ say: () => undefined, signal: new AbortController().signal });

it("is taken from the line of a component, and is part of the key", { timeout: SLOW }, async () => {
  const environments = pythonEnvironments({
    envs,
    indexUrl: null,
    environment: { ...bare(), PIP_INDEX_URL: "http://127.0.0.1:9/simple" },
  });
  const line = ["--index-url", url, "--trusted-host", "127.0.0.1", "own-thing==2.0"];
  const built = await environments.obtain({ interpreter: python, lines: [line] }, waiter());
  expect(answer(built.python)).toBe("43");
  expect(asked).toContain(`/files/${FILE}`);
  const other = ["--index-url", "http://127.0.0.1:1/simple", ...line.slice(2)];
  expect(environmentKey({ interpreter: python, lines: [other] })).not.toBe(
    environmentKey({ interpreter: python, lines: [line] }),
  );
});

it("is the installation's for lines that name none", { timeout: SLOW }, async () => {
  const environments = pythonEnvironments({ envs, indexUrl: url, environment: bare() });
  const built = await environments.obtain({ interpreter: python, lines: [["own-thing"]] }, waiter());
  expect(answer(built.python)).toBe("43");
});

it("says in pip's words what it does not have", { timeout: SLOW }, async () => {
  const environments = pythonEnvironments({ envs, indexUrl: url, environment: bare() });
  const failed = environments.obtain({ interpreter: python, lines: [["no-such-thing-anywhere"]] }, waiter());
  await expect(failed).rejects.toMatchObject({
    reason: {
      code: "environment-failed",
      subject: "no-such-thing-anywhere",
      message: expect.stringMatching(
        /^Cannot install no-such-thing-anywhere\.\n.*No matching distribution.*Check the packages and that the index has them/s,
      ),
    },
  });
});
