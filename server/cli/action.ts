/** How every action is run: output by `--json`, errors in one shape, the exit code handed on. */
import type { Problem } from "@/pipelines/graph";
import { SettingsError } from "@/server/platform/env";
import { connect } from "./connection";
import { asCommandError, EXIT, errorJson, refused } from "./exit";
import { type Output, outputTo, type Surroundings } from "./output";
import type { Session, Wrap } from "./session";

/** At most so many problems are told one by one. */
const MAX_TOLD = 20;

function tellError(output: Output, message: string, problems: readonly Problem[]): void {
  output.note(message);
  for (const problem of problems.filter(({ severity }) => severity === "error").slice(0, MAX_TOLD)) {
    if (problem.message !== message) output.note(`  ${problem.place}: ${problem.message}`);
  }
}

/** The wrapping of every action; `done` is told the exit code. */
export function wrapping(surroundings: Surroundings, isJson: () => boolean, done: (exit: number) => void): Wrap {
  return (work) =>
    async (...args) => {
      const { env } = surroundings;
      const output = outputTo(surroundings, isJson());
      let url = env.PENSTOCK_URL ?? "http://127.0.0.1:4270";
      const session: Session = {
        output,
        surroundings,
        connect: () => {
          const connection = connect(env);
          url = connection.url;
          return connection;
        },
      };
      try {
        done((await work(session, ...args)) ?? EXIT.ok);
      } catch (error) {
        const known = error instanceof SettingsError ? refused(error.message) : asCommandError(error, url);
        if (output.isJson) output.print(errorJson(known), "");
        else tellError(output, known.message, known.problems);
        done(known.exit);
      }
    };
}
