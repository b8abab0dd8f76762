/** Turns a spawn that failed into words: Node reports some failures by an error, others by a child without a pid. */
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { ReasonCode } from "@/server/domain/reason";
import { StartRefusal } from "../attempts/contract";
import type { StartSpec } from "./executor";

const WORDS: { readonly [code: string]: readonly [ReasonCode, string] } = {
  E2BIG: [
    "cannot-start",
    "The command line and the environment are larger than the system takes (128 KB for one argument, about 2 MB in all). Hand large values over as artifacts or files.",
  ],
  EAGAIN: [
    "cannot-start",
    "The system refused another process: the limit of processes of this user is reached. Lower the number of step slots or raise the limit (ulimit -u), then retry.",
  ],
  EMFILE: [
    "cannot-start",
    "The engine has too many files open to start another process. Raise the limit (ulimit -n) and start Penstock again, then retry.",
  ],
  ENFILE: ["cannot-start", "The machine has too many files open to start another process. Retry when it is less busy."],
  ENOMEM: ["cannot-start", "The machine has not enough memory to start another process. Retry when it is less busy."],
  ENOSPC: ["disk-full", "The disk of the data directory is full. Make room, then retry."],
  EDQUOT: ["disk-full", "The disk quota of the data directory is used up. Make room, then retry."],
  EROFS: ["cannot-start", "The data directory is on a file system that cannot be written."],
  EACCES: ["cannot-start", "The data directory may not be written by the user that runs Penstock."],
};

/** The refusal for a failed system call while an attempt is prepared or started; `what` names the act. */
export function startRefusal(error: unknown, what: string): StartRefusal {
  if (error instanceof StartRefusal) return error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  const [reason, words] = WORDS[code] ?? (["cannot-start", `${what} failed: ${message}`] as const);
  return new StartRefusal({ code: reason, message: words, subject: code || null });
}

/** Runs a spawn; throws `StartRefusal` when no process came of it. */
export function diagnosedStart(spec: StartSpec, start: () => ChildProcess): { process: ChildProcess; pid: number } {
  let child: ChildProcess;
  try {
    child = start();
  } catch (error) {
    throw startRefusal(error, "Starting the process");
  }
  if (child.pid !== undefined) return { process: child, pid: child.pid };
  // The code follows later as an event; what it can be is told apart here, so that the caller learns it in this turn.
  child.on("error", () => undefined);
  if (!existsSync(spec.cwd)) {
    throw new StartRefusal({
      code: "missing-file",
      message: `The step's working directory ${spec.cwd} does not exist. Check that the folder is part of the uploaded files.`,
      subject: spec.cwd,
    });
  }
  throw new StartRefusal({
    code: "cannot-start",
    message:
      "The system refused another process: too many processes or open files. Lower the number of step slots or raise the limits (ulimit -u, ulimit -n), then retry.",
    subject: null,
  });
}
