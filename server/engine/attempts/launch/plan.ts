/** What a body comes down to: one command in one folder, with what its environment adds. */

import type { ContainerOrder } from "../../executors/executor";
import type { Waiter } from "../../waiter";
import type { Environment } from "../environment";

export interface LaunchPlan {
  /** The program, for a process as an absolute path, then its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  /** Folders that have to be there first. */
  readonly folders: readonly string[];
  /** What a reader of the log should know of the command. */
  readonly remarks: readonly string[];
  /** For what runs in a container; asked for once the folders are there. Throws `StartRefusal`. */
  readonly container?: () => ContainerOrder;
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
