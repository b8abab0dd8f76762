/** Builds the request that makes the container of an attempt: never privileged, and nothing mounted but what was ordered. */
import type { ContainerOrder, StartSpec } from "../executor";
import type { EngineNature } from "./client";

/** By these labels containers are found again; the folder and its fence prove whose they are. */
export const LABELS = { directory: "penstock.directory", fence: "penstock.fence", keepMs: "penstock.keep-ms" } as const;

/** Name of an attempt's container; the fence is its own alone, so the engine refuses a second one. */
export const containerName = (fence: string): string => `penstock-${fence}`;

/** More than a step may start breaks the machine for all others. */
const MOST_PROCESSES = 32_768;
/** No log is turned over: what a step wrote is read to its end, then the container goes. */
const LARGEST_LOG = "1048576m";

interface Owner {
  readonly uid: number | null;
  readonly gid: number | null;
}

/** The user in the container: whoever it is, what it writes has to belong to the user that runs Penstock. */
function userOf({ user }: ContainerOrder, { isRootless }: EngineNature, { uid, gid }: Owner): string | undefined {
  if (user !== null) return user;
  if (isRootless) return "0:0";
  return uid === null ? undefined : `${uid}:${gid ?? uid}`;
}

function mountsOf({ mounts, memory = [] }: ContainerOrder) {
  return [
    ...mounts.map(({ path, target, isWritable }) => ({
      Type: "bind",
      Source: path,
      Target: target ?? path,
      ReadOnly: !isWritable,
    })),
    ...memory.map(({ target, bytes }) => ({
      Type: "tmpfs",
      Target: target,
      TmpfsOptions: { Mode: 0o1777, ...(bytes !== null && { SizeBytes: Math.floor(bytes) }) },
    })),
  ];
}

/** The body of `POST /containers/create`. */
export function containerBody(
  spec: StartSpec,
  order: ContainerOrder,
  fence: string,
  nature: EngineNature,
  owner: Owner,
): object {
  const { argv, env, directory, memoryLimitBytes } = spec;
  const user = userOf(order, nature, owner);
  return {
    Image: order.image,
    ...(order.usesEntrypoint ? {} : { Entrypoint: argv }),
    Cmd: order.usesEntrypoint ? argv : [],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(order.cwd === null ? {} : { WorkingDir: order.cwd }),
    ...(user === undefined ? {} : { User: user }),
    Labels: {
      ...order.labels,
      [LABELS.directory]: directory,
      [LABELS.fence]: fence,
      [LABELS.keepMs]: String(spec.keepMs ?? 0),
    },
    HostConfig: {
      // A first process of the container's own hands signals on and buries what the command leaves.
      Init: true,
      Privileged: false,
      SecurityOpt: ["no-new-privileges"],
      RestartPolicy: { Name: "no" },
      Mounts: mountsOf(order),
      ...(order.network === null ? {} : { NetworkMode: order.network }),
      ReadonlyRootfs: order.isReadOnly,
      ...(order.isReadOnly ? { Tmpfs: { "/tmp": "" } } : {}),
      PidsLimit: MOST_PROCESSES,
      // As much with swap as without: a step at its limit is ended instead of slowing the machine down.
      ...(memoryLimitBytes === undefined ? {} : { Memory: memoryLimitBytes, MemorySwap: memoryLimitBytes }),
      ...(order.cpus === null ? {} : { NanoCpus: Math.round(order.cpus * 1e9) }),
      ...(order.sharedMemoryBytes === null ? {} : { ShmSize: order.sharedMemoryBytes }),
      ...(order.gpus === null ? {} : { DeviceRequests: [{ Count: order.gpus, Capabilities: [["gpu"]] }] }),
      LogConfig: nature.isPodman
        ? { Type: "k8s-file", Config: {} }
        : { Type: "local", Config: { "max-size": LARGEST_LOG, "max-file": "1", compress: "false" } },
    },
  };
}
