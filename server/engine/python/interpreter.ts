/** Finds the Python interpreter that a profile names and asks it, once, who it is. */
import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { promisify } from "node:util";
import { StartRefusal } from "../attempts/contract";

const run = promisify(execFile);

/** A Python that was asked for its own path and version. */
export interface Interpreter {
  /** As the profile or setting names it. */
  readonly command: string;
  /** `sys.executable`: what to start. Not resolved, or a virtual environment would be lost. */
  readonly executable: string;
  /** The file behind all links; part of an environment's key. */
  readonly realPath: string;
  /** `3.11.7`. */
  readonly version: string;
}

const QUESTION = "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))";
const ANSWER_MS = 15_000;

export interface Interpreters {
  /** One that was asked before and is still there; null otherwise. */
  known(command: string): Interpreter | null;
  /** Asks the interpreter; throws `StartRefusal`. */
  find(command: string): Promise<Interpreter>;
}

/** Keeps what interpreters answered; `environment` is what they are asked in. */
export function interpreters(environment: NodeJS.ProcessEnv): Interpreters {
  const answers = new Map<string, Interpreter>();

  const known = (command: string): Interpreter | null => {
    const answer = answers.get(command);
    if (answer === undefined) return null;
    try {
      accessSync(answer.executable, constants.X_OK);
      return answer;
    } catch {
      answers.delete(command);
      return null;
    }
  };

  const find = async (command: string): Promise<Interpreter> => {
    const before = known(command);
    if (before !== null) return before;
    try {
      const { stdout } = await run(command, ["-c", QUESTION], { env: environment, timeout: ANSWER_MS });
      const [executable = "", version = ""] = stdout.trim().split("\n");
      if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`it answered "${stdout.trim().slice(0, 200)}"`);
      const answer = { command, executable, realPath: realpathSync(executable), version };
      answers.set(command, answer);
      return answer;
    } catch (error) {
      throw badInterpreter(command, error);
    }
  };

  return { known, find };
}

function badInterpreter(command: string, error: unknown): StartRefusal {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "it is not there" : (message.split("\n")[0] ?? "").slice(0, 300);
  return new StartRefusal({
    code: "bad-interpreter",
    message: `The Python interpreter "${command}" cannot be used: ${why}. Install it, or name another one in the profile or with PENSTOCK_PYTHON, then retry.`,
    subject: command,
  });
}
