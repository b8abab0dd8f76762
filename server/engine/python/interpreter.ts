/** Finds the Python interpreter that a profile names and asks it, once, who it is. */
import { execFile } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
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
  /** Whether it can import the Kubeflow SDK by itself, as an image that brings it can. */
  readonly hasKfp: boolean;
}

const QUESTION = [
  "import importlib.util, sys",
  "print(sys.executable)",
  "print('.'.join(map(str, sys.version_info[:3])))",
  "print(importlib.util.find_spec('kfp') is not None)",
].join("; ");
const ANSWER_MS = 15_000;

export interface Interpreters {
  /** One that was asked before and is still there; null otherwise. */
  known(command: string): Interpreter | null;
  /** Asks the interpreter; throws `StartRefusal`. */
  find(command: string): Promise<Interpreter>;
}

interface Answer {
  readonly interpreter: Interpreter;
  /** Tells whether the file is still the one that answered: an upgrade leaves the path as it is. */
  readonly stamp: string;
}

/** Identity of the file behind a path; null where there is none. */
function stampOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev} ${stat.ino} ${stat.mtimeMs}`;
}

/** Keeps what interpreters answered; `environment` is what they are asked in. */
export function interpreters(environment: NodeJS.ProcessEnv): Interpreters {
  const answers = new Map<string, Answer>();
  const asking = new Map<string, Promise<Interpreter>>();

  const known = (command: string): Interpreter | null => {
    const answer = answers.get(command);
    if (answer === undefined) return null;
    if (answer.stamp === stampOf(answer.interpreter.executable)) return answer.interpreter;
    answers.delete(command);
    return null;
  };

  const ask = async (command: string): Promise<Interpreter> => {
    try {
      const { stdout } = await run(command, ["-c", QUESTION], { env: environment, timeout: ANSWER_MS });
      const [executable = "", version = "", hasKfp = ""] = stdout.trim().split("\n");
      if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`it answered "${stdout.trim().slice(0, 200)}"`);
      const interpreter = {
        command,
        executable,
        realPath: realpathSync(executable),
        version,
        hasKfp: hasKfp === "True",
      };
      answers.set(command, { interpreter, stamp: stampOf(executable) ?? "" });
      return interpreter;
    } catch (error) {
      throw badInterpreter(command, error);
    } finally {
      asking.delete(command);
    }
  };

  const find = (command: string): Promise<Interpreter> => {
    const before = known(command);
    if (before !== null) return Promise.resolve(before);
    const asked = asking.get(command) ?? ask(command);
    asking.set(command, asked);
    return asked;
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
