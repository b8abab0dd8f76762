/** Every noun of the built `penstock` command against the built server: a success and a failure each, as JSON. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { programRoot } from "@/server/platform/root";
import { oneStep } from "./pipelines";
import {
  ArtifactItem,
  Bulk,
  Errors,
  ExperimentItem,
  listOf,
  PipelineItem,
  RunItem,
  Submitted,
  Uploaded,
  VersionItem,
  WholeRun,
} from "./support/cli-shapes";
import { startCommand } from "./support/command";
import { startServer, type TestServer } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
let server: TestServer;
let folder: string;
let run: string;

beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
beforeAll(async () => {
  if (!isBuilt) return;
  folder = mkdtempSync(join(tmpdir(), "penstock-nouns-e2e-"));
  server = await startServer();
  writeFileSync(join(folder, "p.json"), oneStep("p", "echo one; echo two >&2; seq 1 200000"));
  const submitted = await penstock("submit", "p.json", "--name", "first", "--wait");
  run = Submitted.parse(submitted.json).run?.id ?? "";
}, 60_000);
afterAll(async () => {
  if (!isBuilt) return;
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function penstock(...args: readonly string[]) {
  const ran = await startCommand([...args, "--json"], { cwd: folder, env: { PENSTOCK_HOME: server.home } }).ended;
  return { ...ran, json: ran.out === "" ? null : JSON.parse(ran.out) };
}
const words = (...args: readonly string[]) =>
  startCommand(args, { cwd: folder, env: { PENSTOCK_HOME: server.home } }).ended;

const Any = z.record(z.string(), z.json());

test("what is asked is answered in the shape that scripts rely on", async () => {
  const answers: readonly (readonly [args: readonly string[], shape: z.ZodType])[] = [
    [["runs", "list"], listOf(RunItem)],
    [["runs", "get", "first"], WholeRun],
    [["runs", "watch", run.slice(0, 8)], WholeRun],
    [["runs", "rename", run, "first"], RunItem],
    [["runs", "clone", run, "--name", "second", "--wait"], WholeRun],
    [["runs", "cancel", "second"], RunItem],
    [["runs", "archive", "first", "second"], Bulk],
    [["runs", "restore", "first", "second"], Bulk],
    [["runs", "delete", "second"], Bulk],
    [["retry", run, "--plan"], Any],
    [["rerun", run, "--plan"], Any],
    [["pipelines", "upload", "p.json", "--name", "other"], Uploaded],
    [["pipelines", "list"], listOf(PipelineItem)],
    [["pipelines", "get", "other"], PipelineItem],
    [["pipelines", "versions", "other"], listOf(VersionItem)],
    [["pipelines", "spec", "other"], Any],
    [["pipelines", "set", "other", "--tag", "a=b"], PipelineItem],
    [["pipelines", "rename", "other", "another"], PipelineItem],
    [["pipelines", "delete", "another"], PipelineItem],
    [["pipelines", "restore", "another"], PipelineItem],
    [["experiments", "create", "night"], ExperimentItem],
    [["experiments", "list"], listOf(ExperimentItem)],
    [["experiments", "get", "night"], ExperimentItem],
    [["experiments", "archive", "night"], ExperimentItem],
    [["experiments", "restore", "night"], ExperimentItem],
    [["experiments", "delete", "night"], ExperimentItem],
    [["artifacts", "list", "--run", run], listOf(ArtifactItem)],
    [["cache", "forget", "--pipeline", "another"], z.strictObject({ forgotten: z.int() })],
    [["profiles", "list"], listOf(Any)],
    [["secrets", "list"], listOf(Any)],
    [["volumes", "list"], listOf(Any)],
    [["envs", "list"], listOf(Any)],
    [["settings", "list"], listOf(Any)],
    [["tokens", "list"], listOf(Any)],
    [["seed"], listOf(Any)],
  ];
  for (const [args, shape] of answers) {
    const { exit, json, err } = await penstock(...args);
    const wanted = args[0] === "retry" ? 2 : 0;
    expect([exit, shape.safeParse(json).error?.message], `${args.join(" ")}: ${err}`).toEqual([wanted, undefined]);
  }
}, 120_000);

test("what cannot be done ends with 2 and says why, in the shape of errors", async () => {
  const refusals: readonly (readonly string[])[] = [
    ["runs", "get", "nobody"],
    ["runs", "watch", "nobody"],
    ["runs", "archive", "nobody"],
    ["runs", "clone", run, "--param", "x=1"],
    ["runs", "clone", run, "--version", "77"],
    ["runs", "list", "--limit", "0"],
    ["logs", run, "--attempt", "7"],
    ["pipelines", "get", "nobody"],
    ["pipelines", "upload", "nowhere.yaml"],
    ["pipelines", "set", "p"],
    ["experiments", "get", "nobody"],
    ["experiments", "create", "Default"],
    ["experiments", "delete", "Default"],
    ["artifacts", "get", "99999"],
    ["artifacts", "list", "--run", "nobody"],
    ["submit", "nowhere.py"],
    ["seed", "nobody"],
    ["seed", "many-runs", "10"],
    ["backup", join(server.home, "inside.tar.gz")],
    ["restore", "nowhere.tar.gz"],
    ["restore", "p.json", "--home", join(folder, "restored")],
    ["completion", "tcsh"],
  ];
  for (const args of refusals) {
    const { exit, json, err } = await penstock(...args);
    expect([exit, Errors.safeParse(json).success], `${args.join(" ")}: ${JSON.stringify(json)} ${err}`).toEqual([
      2,
      true,
    ]);
  }
}, 120_000);

test("who reads no more than a line ends the command quietly", async () => {
  const argv = [process.execPath, join(programRoot(), "dist", "cli.js"), "logs", run];
  const child = spawn("bash", ["-c", 'set -o pipefail; "$@" | head -1', "bash", ...argv], {
    cwd: folder,
    env: { ...process.env, PENSTOCK_HOME: server.home },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => {
    said.out += text;
  });
  child.stderr.on("data", (text: Buffer) => {
    said.err += text;
  });
  const exit = await new Promise((resolve) => child.once("close", resolve));
  expect([exit, said.err, said.out.split("\n")]).toEqual([0, "", [expect.stringMatching(/^\[say\] /), ""]]);
});

test("help has examples, the version is told, and a seed is written into a directory of its own", async () => {
  expect((await words("runs", "clone", "--help")).out).toMatch(/Examples:\n {2}penstock runs clone/);
  expect((await words("--version")).out).toBe(
    `${JSON.parse(readFileSync(join(programRoot(), "package.json"), "utf8")).version}\n`,
  );
  const home = join(folder, "seeded");
  const seeded = await penstock("seed", "many-runs", "20", "--home", home);
  expect(seeded, seeded.err).toMatchObject({ exit: 0, json: { name: "many-runs", home } });
});

test("bash completes commands, flags, runs and files by the script that is printed", async () => {
  const cli = join(programRoot(), "dist", "cli.js");
  const offered = async (line: readonly string[]): Promise<string[]> => {
    const script = `penstock() { '${process.execPath}' '${cli}' "$@"; }
eval "$(penstock completion bash)"
COMP_WORDS=(penstock "$@"); COMP_CWORD=$#
_penstock
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const argv = ["bash", "-c", script, "bash"];
    const ran = await startCommand(line, { cwd: folder, env: { PENSTOCK_HOME: server.home }, argv }).ended;
    expect(ran.err).toBe("");
    return ran.out.split("\n").filter((word) => word !== "");
  };
  expect(await offered(["ru"])).toEqual(["runs"]);
  expect(await offered(["runs", "cl"])).toEqual(["clone"]);
  expect(await offered(["runs", "clone", "--ver"])).toEqual(["--version"]);
  expect(await offered(["runs", "get", run.slice(0, 4)])).toEqual([run]);
  expect(await offered(["pipelines", "get", "p"])).toEqual(["p"]);
  expect(await offered(["submit", "p.js"])).toEqual([]);
  expect(await offered(["submit", "p.json", "--file-mode", ""])).toEqual(["shared", "isolated"]);
  expect(await offered(["completion", ""])).toEqual(["bash", "zsh", "fish"]);
}, 60_000);
