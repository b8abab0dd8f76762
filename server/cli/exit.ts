/** How the command ends: exit codes and the one shape of its errors. */
import { TRPCClientError } from "@trpc/client";
import type { Problem } from "@/pipelines/graph";
import type { RunState } from "@/server/domain/states";

export const EXIT = { ok: 0, failed: 1, refused: 2, unreachable: 3, canceled: 130 } as const;

/** What went wrong, in words for a person, with the code the command ends with. */
export class CommandError extends Error {
  constructor(
    readonly exit: number,
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** Wrong usage, or a file or value the server would not take. */
export const refused = (message: string, problems: readonly Problem[] = []): CommandError =>
  new CommandError(EXIT.refused, "refused", message, problems);

export const unreachable = (url: string): CommandError =>
  new CommandError(
    EXIT.unreachable,
    "unreachable",
    `There is no Penstock at ${url}. Start it with \`penstock up\`, or set PENSTOCK_URL to where it is.`,
  );

/** The server does not know what this command asks it for. */
const otherVersion = (url: string, procedure: unknown): CommandError =>
  new CommandError(
    EXIT.refused,
    "other-version",
    `The Penstock at ${url} is of another version: it does not know ${String(procedure)}. Use the command that came with it; \`penstock doctor\` tells both versions.`,
  );

/** The exit code that follows a run. */
export function exitOfRun(state: RunState): number {
  if (state === "succeeded") return EXIT.ok;
  return state === "canceled" ? EXIT.canceled : EXIT.failed;
}

interface ServerProblem {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

function problemOf(data: unknown): ServerProblem | null {
  const problem = typeof data === "object" && data !== null && "problem" in data ? data.problem : null;
  return problem as ServerProblem | null;
}

/** Any error as one of ours; `url` is the server that was asked. */
export function asCommandError(error: unknown, url: string): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof TRPCClientError) {
    const problem = problemOf(error.data);
    if (problem !== null) return new CommandError(EXIT.refused, problem.code, problem.message, problem.problems);
    if (error.data === undefined || error.data === null) return asCommandError(error.cause, url);
    if (error.data.code === "NOT_FOUND") return otherVersion(url, error.data.path);
    return new CommandError(EXIT.failed, "internal", "The server had an internal error; its log says more.");
  }
  const isNetwork = error instanceof TypeError || (error instanceof Error && error.name === "TypeError");
  if (isNetwork) return unreachable(url);
  return new CommandError(EXIT.failed, "internal", error instanceof Error ? error.message : String(error));
}

/** An error as `--json` prints it. */
export function errorJson({ code, message, problems }: CommandError) {
  return {
    error: {
      code,
      message,
      problems: problems.map(({ severity, place, rule, message: text }) => ({ severity, place, rule, message: text })),
    },
  };
}
