/** What every kind of machine must be able to do with an attempt; `executor.contract.ts` checks each implementation. */
import type { JsonValue } from "@/pipelines/graph";
import type { PodSecurity } from "@/server/domain/pod";
import type { Adoption, AttemptHandle, ExitReport } from "../attempts/contract";
import type { Waiter } from "../waiter";

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

/** A folder in the memory of the machine; null bytes leave its size to the machine. */
export interface MemoryFolder {
  readonly target: string;
  readonly bytes: number | null;
}

/** What a container is made of, beside its command, its environment and its place in the data directory. */
export interface ContainerOrder {
  readonly image: string;
  /** Whether the image's own command stands before the arguments. */
  readonly usesEntrypoint: boolean;
  /** Null leaves it to the image. */
  readonly cwd: string | null;
  readonly mounts: readonly Mount[];
  /** Absent for none; a pod has them among its volumes. */
  readonly memory?: readonly MemoryFolder[];
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
  /** Present for a container in a pod. */
  readonly pod?: PodOrder;
}

/** Where pods are made, as a profile names it; null as in `PodSettings`. */
export interface ClusterRef {
  readonly kubeconfig: string | null;
  readonly context: string | null;
  readonly namespace: string | null;
}

type PodJson = { readonly [name: string]: JsonValue | undefined };

/** What a pod is made of beside what a container is. */
export interface PodOrder {
  readonly cluster: ClusterRef;
  /** How what is mounted gets there and back: sent over HTTP from this address, or on a claim that holds this folder. */
  readonly files:
    | { readonly by: "sending"; readonly address: string }
    | { readonly by: "sharing"; readonly claim: string; readonly root: string };
  readonly helperImage: string;
  readonly patienceMs: number;
  readonly serviceAccount: string | null;
  readonly imagePullSecrets: readonly string[];
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly [name: string]: string };
  readonly nodeSelector: { readonly [name: string]: string };
  readonly tolerations: readonly PodJson[];
  readonly affinity: PodJson | null;
  readonly priorityClassName: string | null;
  readonly runtimeClassName: string | null;
  readonly security: PodSecurity;
  readonly requests: { readonly [resource: string]: string };
  /** Resources beside memory and processors, such as GPUs by their vendor's name. */
  readonly extraLimits: { readonly [resource: string]: string };
  readonly volumes: readonly { readonly volume: PodJson; readonly mount: PodJson }[];
  /** Variables that take a field of the pod. */
  readonly fields: readonly { readonly env: string; readonly fieldPath: string }[];
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
