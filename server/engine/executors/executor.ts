/** What every kind of machine must be able to do with an attempt; `executor.contract.ts` checks each implementation. */
import type { Adoption, AttemptHandle, ExitReport } from "../attempts/contract";
import type { Waiter } from "../python/environments";

/** Identity of an attempt on this machine: its id in the environment of its processes, and its directory. */
export interface AttemptSite {
  /** Value of PENSTOCK_ATTEMPT. */
  readonly id: string;
  /** Absolute path; exists before `start`. */
  readonly directory: string;
  /** Between the request to end and the kill, for whatever the main command leaves behind. */
  readonly graceMs: number;
  /** An attempt that holds more is ended; absent for no limit. */
  readonly memoryLimitBytes?: number;
  /** Where containers are made: the address that the profile names, null for the engine of this machine. */
  readonly engine?: string | null;
  /** How long its container stays after its end. */
  readonly keepMs?: number;
}

/** What of this machine a container sees, at the same path unless it says otherwise. */
export interface Mount {
  readonly path: string;
  readonly target?: string;
  readonly isWritable: boolean;
}

/** What a container is made of, beside its command, its environment and its place in the data directory. */
export interface ContainerOrder {
  readonly image: string;
  /** Whether the image's own command stands before the arguments. */
  readonly usesEntrypoint: boolean;
  /** Null leaves it to the image. */
  readonly cwd: string | null;
  readonly mounts: readonly Mount[];
  readonly pull: "missing" | "always" | "never";
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** Null takes the engine's own network. */
  readonly network: string | null;
  /** Null takes the user that runs Penstock, who has to read what the step leaves. */
  readonly user: string | null;
  readonly isReadOnly: boolean;
  readonly cpus: number | null;
  readonly sharedMemoryBytes: number | null;
  readonly gpus: number | null;
  readonly labels: { readonly [name: string]: string };
}

/** A command ready to run: nothing in it is looked up any more. */
export interface StartSpec extends AttemptSite {
  /** The program, for a process as an absolute path, then its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited but what an image brings. */
  readonly env: { readonly [name: string]: string };
  /** Present for what runs in a container. */
  readonly container?: ContainerOrder;
}

export type Ended = (report: ExitReport) => void;

/** Whether the machine still runs what a handle names. */
export type Inspection = "alive" | "gone" | "reboot";

export interface Executor {
  /**
   * Starts the command, output to the attempt's log. `ended` is called once, later. Throws `StartRefusal`. What takes a
   * while is heard by the waiter, and may be given up by it until the command runs.
   */
  start(spec: StartSpec, ended: Ended, waiter: Waiter): AttemptHandle | Promise<AttemptHandle>;
  /** Takes over an attempt that an earlier engine left; `handle` is null when it was not recorded. */
  adopt(site: AttemptSite, handle: AttemptHandle | null, ended: Ended): Promise<Adoption>;
  /** Asks the attempt to end, and makes it after the grace. A second call can only shorten the grace. */
  stop(id: string, graceMs: number): void;
  inspect(handle: AttemptHandle): Inspection | Promise<Inspection>;
  /**
   * Ends what attempts below this folder have left that nobody follows: what an engine that died had no time to reap.
   * `isFollowed` knows the attempts of all executors: what runs in a container is seen among the processes too.
   */
  reapStrays(folder: string, isFollowed: (id: string) => boolean): void;
  /** Stops following; nothing is ended. */
  release(): void;
}
