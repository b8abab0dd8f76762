/** What every subcommand is given, and how it is wrapped. */
import type { Connection } from "./connection";
import type { Output, Surroundings } from "./output";

export interface Session {
  readonly output: Output;
  readonly surroundings: Surroundings;
  readonly connect: () => Connection;
}

/** What a subcommand does; its answer is the exit code, nothing stands for 0. */
export type Action<Args extends unknown[]> = (session: Session, ...args: Args) => Promise<number | undefined>;

/** Makes of an action what the parser calls: output by `--json`, errors in one shape, the exit code handed on. */
export type Wrap = <Args extends unknown[]>(work: Action<Args>) => (...args: Args) => Promise<void>;

export const JSON_FLAG = ["--json", "print one JSON value on standard output"] as const;
export const WAIT_FLAG = ["--wait", "wait for the end; the exit code follows the run"] as const;
export const PLAN_FLAG = ["--plan", "say what would become of each step, and do nothing"] as const;
export const RUN_ARGUMENT = ["<run>", "id, beginning of an id (6 characters or more) or name of a run"] as const;
export const RUNS_ARGUMENT = ["<run...>", "ids, beginnings of ids (6 characters or more) or names of runs"] as const;

/** Collects an option that may be given several times. */
export const gather = (value: string, earlier: string[] = []): string[] => [...earlier, value];
