/** Says in words why a container could not be made or how it ended; what can be told apart is. */
import { byteText } from "@/server/domain/bytes";
import type { Reason } from "@/server/domain/reason";
import { StartRefusal } from "../../attempts/contract";
import { EngineError, EngineGone, type Inspected } from "./client";

const refusal = (code: Reason["code"], message: string, subject: string | null): StartRefusal =>
  new StartRefusal({ code, message, subject });

/** The refusal for an engine that cannot be reached. */
export const engineGone = (message: string): StartRefusal =>
  refusal(
    "engine-gone",
    `The container engine does not answer: ${message}. Start it, or correct the engine's address in the profile, then start a new run.`,
    null,
  );

/** The refusal for an image that is not there and is not to be fetched. */
export const imageMissing = (image: string): StartRefusal =>
  refusal(
    "image-missing",
    `The image ${image} is not on this machine, and the profile never pulls images. Pull or build it, map it to another image in the profile, or let the profile pull what is missing.`,
    image,
  );

/** The refusal for an image that could not be fetched. */
export const pullFailed = (image: string, why: string): StartRefusal =>
  refusal(
    "image-missing",
    `The image ${image} could not be pulled: ${why.replace(/\.$/, "")}. Check its name and tag; for a registry that asks who you are, name a secret with username and password in the profile.`,
    image,
  );

const PATTERNS: readonly {
  readonly form: RegExp;
  readonly words: (found: RegExpExecArray, image: string) => StartRefusal;
}[] = [
  {
    form: /bind source path does not exist: (.*)/,
    words: ([, path = ""]) =>
      refusal(
        "cannot-start",
        `The container engine does not see ${path}, which the step needs. It has to run on this machine and see the data directory: share that folder with it (in the settings of Docker Desktop, for one), or take an engine that does.`,
        path,
      ),
  },
  {
    form: /exec: "([^"]*)": (?:executable file not found|stat .*: no such file)/,
    words: ([, program = ""], image) => programMissing(program, image),
  },
  {
    form: /network (\S+) not found/,
    words: ([, network = ""]) =>
      refusal(
        "cannot-start",
        `The profile puts containers into the network ${network}, which the container engine does not have. Make it, or correct the profile.`,
        network,
      ),
  },
  {
    form: /(?:could not select device driver|nvidia)/i,
    words: () =>
      refusal(
        "cannot-start",
        "The step asks for a GPU, and the container engine has none to give. Install the NVIDIA container toolkit, or take the GPU out of the step and the profile.",
        "gpu",
      ),
  },
  {
    form: /unable to find user (\S+):/,
    words: ([, user = ""], image) =>
      refusal(
        "cannot-start",
        `The profile runs containers as ${user}, whom the image ${image} does not know. Give a number (1000:1000), or leave the user empty.`,
        user,
      ),
  },
];

const programMissing = (program: string, image: string): StartRefusal =>
  refusal(
    "command-not-found",
    `The image ${image} has no program "${program}". Correct the step's command, or take an image that brings it.`,
    program,
  );

/** The refusal for whatever went wrong while a container was made and started. */
export function startTrouble(error: unknown, image: string): unknown {
  if (error instanceof EngineGone) return engineGone(error.message);
  if (!(error instanceof EngineError)) return error;
  for (const { form, words } of PATTERNS) {
    const found = form.exec(error.message);
    if (found !== null) return words(found, image);
  }
  return refusal("cannot-start", `The container engine refused the container: ${error.message}`, null);
}

/** The container was taken away while its step ran. */
export const REMOVED: Reason = {
  code: "lost",
  message:
    "The container of the step was removed from outside while it ran (with docker rm, or by a clean-up of the container engine). Start it again.",
  subject: null,
};

/** The step was to be ended, and nobody could tell the container. */
export const UNREACHABLE: Reason = {
  code: "engine-gone",
  message:
    "The step was to be ended, and the container engine has not answered since. What is left of its container is removed when the engine is back.",
  subject: null,
};

/** How the container's first process says that it could not start the command. */
const INIT_FAILED = /\[FATAL tini \(\d+\)\] exec (.*) failed: (.*)|catatonit.*failed to exec pid1: (.*)/;

interface End {
  readonly image: string;
  /** The end of the log. */
  readonly tail: string;
  /** Whether the engine was away while the step ran. */
  readonly wasAway: boolean;
}

/** The reason of an end that says more than its exit code; null where the code and the log say it all. */
export function endReason({ State, HostConfig }: Inspected, { image, tail, wasAway }: End): Reason | null {
  const { ExitCode: code, OOMKilled: isOutOfMemory } = State;
  if (isOutOfMemory && code !== 0) return outOfMemory(code, HostConfig.Memory);
  const failed = code === 126 || code === 127 ? INIT_FAILED.exec(tail) : null;
  if (failed !== null) {
    const [, program = "", why = ""] = failed;
    if (/No such file/.test(why)) return programMissing(program, image).reason;
    return {
      code: "command-not-found",
      message: `The image ${image} could not start "${program}": ${why || failed[3]}. Correct the step's command, or the image.`,
      subject: program,
    };
  }
  if (wasAway && code !== 0) {
    return {
      code: "signal",
      message: `The container engine was stopped or restarted while the step ran, which ended its container (exit code ${code}). Start it again; with live-restore switched on, containers outlive the engine.`,
      subject: code,
    };
  }
  return null;
}

function outOfMemory(code: number, limitBytes: number): Reason {
  const limit = limitBytes > 0 ? `; its limit is ${byteText(limitBytes)}` : "; the machine had none left";
  return {
    code: "out-of-memory",
    message: `The step was ended for want of memory (OOMKilled, exit code ${code})${limit}. Raise the limit in the pipeline or the profile, or let the step use less.`,
    subject: { limitBytes, exitCode: code },
  };
}
