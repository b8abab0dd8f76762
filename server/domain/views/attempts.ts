/** One try at a step as it leaves the server: its state, what it took, and the command it was given. */
import type { Reason } from "../reason";
import type { AttemptState } from "../states";
import type { IsoTime } from "./shared";

export interface AttemptView {
  readonly number: number;
  readonly state: AttemptState;
  readonly reason: Reason | null;
  readonly exitCode: number | null;
  readonly createdAt: IsoTime;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly pid: number | null;
  /** What it took; null where it could not be measured. */
  readonly cpuMs: number | null;
  readonly peakBytes: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  /** Bytes of the log so far. */
  readonly logSize: number;
  /** What was started, once it is known. */
  readonly command: CommandView | null;
}

/** A command as an attempt was given it, the values of secrets hidden. */
export interface CommandView {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  /** Variables that hold a secret. */
  readonly secrets: readonly string[];
  /** What it ran in; null for a process of the machine. */
  readonly container: ContainerView | null;
}

/** A container or pod as it was made for an attempt. */
export interface ContainerView {
  readonly isPod: boolean;
  readonly image: string;
  /** Whether the image's own command stands before the arguments. */
  readonly usesEntrypoint: boolean;
  /** Address of the container engine; null for the one of the machine. */
  readonly engine: string | null;
  /** Null for the user that runs Penstock. */
  readonly user: string | null;
  /** Null leaves it to the image. */
  readonly cwd: string | null;
  readonly network: string | null;
  readonly isReadOnly: boolean;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly sharedMemoryBytes: number | null;
  readonly gpus: number | null;
  readonly mounts: readonly { readonly path: string; readonly target: string; readonly isWritable: boolean }[];
  /** Empty folders in memory. */
  readonly memory: readonly { readonly target: string; readonly bytes: number | null }[];
  /** Where it had files that are nowhere else: values of secrets and config maps, volumes of a cluster. */
  readonly brought: readonly string[];
}
