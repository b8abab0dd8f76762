import type { Command } from "commander";
import { expect, test } from "vitest";
import { completionOf } from "./completion-words";
import { buildProgram } from "./program";
import { ran } from "./testing";

const where = { env: {}, cwd: "/" };
const program = buildProgram(
  {
    env: {},
    cwd: "/",
    stdout: () => undefined,
    stderr: () => undefined,
    stdoutBytes: async () => undefined,
    stdin: async () => "",
    terminal: { stdout: null, stderr: null },
  },
  () => undefined,
);

/** Paths of all subcommands that do something, without the hidden ones. */
function leaves(command: Command, path: readonly string[] = []): string[][] {
  const visible = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== "help");
  return visible.flatMap((one) =>
    one.commands.length === 0 ? [[...path, one.name()]] : leaves(one, [...path, one.name()]),
  );
}

test("every subcommand has help with an example; no example names a flag that there is not", async () => {
  const all = leaves(program).filter(([name]) => name !== "up");
  expect(all.length).toBeGreaterThan(40);
  for (const path of all) {
    const { exit, out } = await ran([...path, "--help"], where);
    const examples = out.split(/Examples?:/)[1] ?? "";
    expect([exit, examples.includes(`penstock ${path.join(" ")}`)], path.join(" ")).toEqual([0, true]);
    const known = new Set(out.split(/Examples?:/)[0]?.match(/--?[a-z][a-z-]*/g));
    const used = examples.split("\n").flatMap((line) => (line.split("|")[0] ?? "").match(/ --?[a-z][a-z-]*/g) ?? []);
    for (const flag of used) expect(known, `${path.join(" ")}${flag}`).toContain(flag.trim());
  }
});

test.each([
  [["ru"], ["runs", "rerun"], null],
  [["runs", ""], ["list", "clone"], null],
  [["runs", "get", ""], [], "run"],
  [["runs", "archive", "a", ""], [], "run"],
  [["runs", "list", "--experiment", ""], [], "experiment"],
  [["submit", "x.yaml", "--profile", ""], [], "profile"],
  [["submit", ""], [], "file"],
  [["pipelines", "upload", "x.py", "--python", ""], [], "file"],
  [["submit", "x.yaml", "--file-mode", ""], ["shared", "isolated"], null],
  [["runs", "clone", "x", "--"], ["--param", "--help"], null],
  [["completion", ""], ["bash", "zsh", "fish"], null],
  [["runs", "terminate", ""], [], "run"],
  [["nobody", "knows", ""], [], null],
] as const)("%j is completed", (line, some, kind) => {
  const { candidates, kind: found } = completionOf(program, line);
  expect(candidates.map(({ value }) => value)).toEqual(expect.arrayContaining([...some]));
  expect(found).toBe(kind);
});
