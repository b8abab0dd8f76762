import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pythonEnv } from "@/e2e/support/python-env";
import { type CliServer, cliServer, ran } from "./testing";

let server: CliServer;
beforeEach(async () => {
  server = await cliServer();
});
afterEach(() => server.close());

const ONE = `
from kfp import dsl

@dsl.component
def say(word: str) -> str:
    return word

@dsl.pipeline(name="greeting")
def greet(word: str = "hello"):
    say(word=word)

print("a file may print")
if __name__ == "__main__":
    raise SystemExit("not run as a script")
`;
const TWO = `${ONE}
@dsl.pipeline(name="second")
def other():
    say(word="x")
`;

async function penstock(args: readonly string[], env: { readonly [name: string]: string } = {}) {
  const answer = await ran([...args, "--json"], { env: { ...server.env, ...env }, cwd: server.folder });
  return { exit: answer.exit, json: JSON.parse(answer.out) };
}
const put = (name: string, text: string) => writeFileSync(join(server.folder, name), text);

describe("a .py is compiled by the user's own kfp", () => {
  test("submitted, uploaded, one of several chosen; what does not compile says why", async ({ skip }) => {
    const { python, reason } = await pythonEnv(["kfp==2.17.3"]);
    if (python === null) return skip(reason);
    put("one.py", ONE);
    const submitted = await penstock(["submit", "one.py", "--python", python, "--param", "word=hi"]);
    expect(submitted).toMatchObject({
      exit: 0,
      json: { pipeline: { name: "greeting" }, version: { state: "runnable" }, run: { parameters: { word: "hi" } } },
    });
    put("two.py", TWO);
    const several = await penstock(["pipelines", "upload", "two.py", "--python", python]);
    expect(several).toMatchObject({
      exit: 2,
      json: { error: { message: /defines 2 pipelines.*--function: greet, other/ } },
    });
    const chosen = await penstock(["pipelines", "upload", "two.py", "--function", "other"], {
      PENSTOCK_PYTHON: python,
    });
    expect(chosen).toMatchObject({ exit: 0, json: { pipeline: { name: "second" } } });
    const unknown = await penstock(["pipelines", "upload", "two.py", "--function", "third", "--python", python]);
    expect(unknown.json.error.message).toBe("two.py defines no pipeline third. It defines greet, other.");
    put("broken.py", ONE.replace("say(word=word)", "say(word=1)"));
    const broken = await penstock(["submit", "broken.py", "--python", python]);
    expect(broken).toMatchObject({
      exit: 2,
      json: { error: { message: /^broken\.py does not compile:\n[\s\S]*word/ } },
    });
    put("none.py", "x = 1\n");
    expect((await penstock(["submit", "none.py", "--python", python])).json.error.message).toContain("no pipeline");
    put("ends.py", "import sys\nsys.exit(3)\n");
    expect((await penstock(["submit", "ends.py", "--python", python])).json.error.message).toContain("SystemExit: 3");
  }, 120_000);

  test("no kfp, no interpreter, no file: each says what to do", async () => {
    put("one.py", ONE);
    const empty = join(server.folder, "python");
    writeFileSync(empty, '#!/bin/sh\nexec python3 -I -S "$@"\n');
    chmodSync(empty, 0o755);
    const bare = await penstock(["submit", "one.py", "--python", empty]);
    expect(bare).toMatchObject({
      exit: 2,
      json: { error: { message: expect.stringContaining("-m pip install kfp") } },
    });
    const none = await penstock(["submit", "one.py", "--python", "/no/such/python"]);
    expect(none.json.error.message).toContain("--python");
    expect((await penstock(["submit", "nowhere.py"])).json.error.message).toContain("nowhere.py");
    expect((await penstock(["submit", "one.py", "other.txt"])).exit).toBe(2);
    put("p.json", "{}");
    expect((await penstock(["submit", "p.json", "--function", "x"])).json.error.message).toContain("--function");
  });
});
