/** Executes snippets as a person would paste them: a real shell with curl and the built command, a real Python with `kfp`. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { programRoot } from "@/server/platform/root";
import type { TestServer } from "./server";

export interface SnippetRunner {
  /** The folder that the texts run in. */
  readonly folder: string;
  /** Runs a text in `sh`; throws with what it said unless it ends with 0. */
  shell(text: string, env?: { readonly [name: string]: string }): Promise<string>;
  /** Runs a text in the interpreter; throws with the traceback. */
  python(text: string): Promise<void>;
  close(): void;
}

/** A pasted line calls `npx penstock`; here that is the built command. */
function putNpx(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const file = join(bin, "npx");
  const command = `"${process.execPath}" "${join(programRoot(), "dist", "cli.js")}"`;
  writeFileSync(file, `#!/bin/sh\nshift\nexec ${command} "$@"\n`);
  chmodSync(file, 0o755);
  return bin;
}

/** `interpreter` is a Python that has `kfp`; null when there is none. */
export function snippetRunner(server: TestServer, interpreter: string | null): SnippetRunner {
  const home = mkdtempSync(join(tmpdir(), "penstock-snippets-"));
  const folder = join(home, "work");
  mkdirSync(folder);
  const env = {
    ...process.env,
    PATH: `${putNpx(home)}:${process.env.PATH}`,
    PENSTOCK_URL: server.url,
    PENSTOCK_TOKEN: server.token,
  };
  let child: ChildProcess | null = null;
  let outcomes: AsyncIterator<string> | null = null;
  const started = (): { stdin: NodeJS.WritableStream; next: () => Promise<IteratorResult<string>> } => {
    if (child === null) {
      const script = join(programRoot(), "e2e", "support", "python_lines.py");
      child = spawn(interpreter ?? "python3", [script], { cwd: folder, env, stdio: ["pipe", "pipe", "inherit"] });
    }
    if (child.stdin === null || child.stdout === null) throw new Error("the interpreter has no pipes");
    outcomes ??= createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const lines = outcomes;
    return { stdin: child.stdin, next: () => lines.next() };
  };
  return {
    folder,
    shell: (text, more = {}) =>
      new Promise((resolve, reject) => {
        const shell = spawn("sh", ["-ec", text], { cwd: folder, env: { ...env, ...more }, stdio: "pipe" });
        let said = "";
        shell.stdout.setEncoding("utf8").on("data", (part: string) => {
          said += part;
        });
        shell.stderr.setEncoding("utf8").on("data", (part: string) => {
          said += part;
        });
        shell.stdin.end();
        shell.once("close", (exit) =>
          exit === 0 ? resolve(said) : reject(new Error(`${text}\nended with ${exit}:\n${said}`)),
        );
      }),
    async python(text) {
      const { stdin, next } = started();
      stdin.write(`${JSON.stringify(text)}\n`);
      const { value, done } = await next();
      const { error } = done ? { error: "the interpreter ended" } : JSON.parse(value);
      if (error !== null) throw new Error(`${text}\nfailed:\n${error}`);
    },
    close() {
      child?.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
