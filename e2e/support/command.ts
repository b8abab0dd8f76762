/** The built `penstock` command as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { programRoot } from "@/server/platform/root";

const BUILT = [process.execPath, join(programRoot(), "dist", "cli.js")] as const;

export interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: { readonly out: string; readonly err: string };
  readonly ended: Promise<Ran>;
}

export interface CommandPlace {
  readonly cwd: string;
  /** Added to the environment of the tests. */
  readonly env: { readonly [name: string]: string };
  readonly stdin?: string;
  /** How the command is called; the built one by default. */
  readonly argv?: readonly string[];
}

/** Starts the command. */
export function startCommand(args: readonly string[], { cwd, env, stdin = "", argv = BUILT }: CommandPlace): Running {
  const [program = "", ...rest] = argv;
  const child = spawn(program, [...rest, ...args], { cwd, env: { ...process.env, ...env }, stdio: "pipe" });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  // One that ends before it has read is no failure of the test.
  child.stdin.on("error", () => undefined).end(stdin);
  const ended = new Promise<Ran>((resolve) => child.once("close", (exit) => resolve({ exit, ...said })));
  return { child, said, ended };
}
