/** What every kind of machine must be able to do with an attempt; `executor.contract.ts` checks each implementation. */
import type { Adoption, AttemptHandle, ExitReport } from "../attempts/contract";

/** Identity of an attempt on this machine: its id in the environment of its processes, and its directory. */
export interface AttemptSite {
  /** Value of PENSTOCK_ATTEMPT. */
  readonly id: string;
  /** Absolute path; exists before `start`. */
  readonly directory: string;
  /** Between the request to end and the kill, for whatever the main command leaves behind. */
  readonly graceMs: number;
}

/** A command ready to run: nothing in it is looked up any more. */
export interface StartSpec extends AttemptSite {
  /** The program as an absolute path, then its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: { readonly [name: string]: string };
}

export type Ended = (report: ExitReport) => void;

/** Whether the machine still runs what a handle names. */
export type Inspection = "alive" | "gone" | "reboot";

export interface Executor {
  /** Starts the command, output to the attempt's log. `ended` is called once, later. Throws `StartRefusal`. */
  start(spec: StartSpec, ended: Ended): AttemptHandle;
  /** Takes over an attempt that an earlier engine left; `handle` is null when it was not recorded. */
  adopt(site: AttemptSite, handle: AttemptHandle | null, ended: Ended): Promise<Adoption>;
  /** Asks the attempt to end, and makes it after the grace. A second call can only shorten the grace. */
  stop(id: string, graceMs: number): void;
  inspect(handle: AttemptHandle): Inspection;
  /** Ends processes of attempts below this folder that nobody follows: what an engine that died had no time to reap. */
  reapStrays(folder: string): void;
  /** Stops following; nothing is ended. */
  release(): void;
}
