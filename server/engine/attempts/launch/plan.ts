/** What a body comes down to: one command in one folder, with what its environment adds. */
import type { Waiter } from "../../python/environments";
import type { Environment } from "../environment";

export interface LaunchPlan {
  /** The program as an absolute path, then its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Environment;
  /** Whether the folder for outputs has to be there though the command does not name it. */
  readonly makesOutputs: boolean;
}

/** What has to be built before a step can start: it takes a while, is heard in the log, and may be given up. */
export type Preparation = (waiter: Waiter) => Promise<LaunchPlan>;

/** Where an attempt lives. */
export interface AttemptPaths {
  readonly directory: string;
  readonly work: string;
  readonly out: string;
  readonly log: string;
}
