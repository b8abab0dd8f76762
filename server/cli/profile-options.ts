/** The options of `penstock profiles save` about containers and limits, and how a profile's are told. */
import type { Command } from "commander";
import { byteText } from "@/server/domain/bytes";
import type { SaveProfileInput } from "@/server/domain/inputs/profiles";
import { quantity } from "@/server/domain/limits";
import { containerOf, EXECUTOR_KINDS, limitsOf, type ProfileSettings, PULL_POLICIES } from "@/server/domain/profile";
import { refused } from "./exit";
import { addPodOptions, type PodOptions, podChange, podRows } from "./pod-options";
import { gather } from "./session";

export interface ContainerOptions extends PodOptions {
  readonly executor?: string;
  readonly engine?: string;
  readonly pull?: string;
  readonly registrySecret?: string;
  readonly network?: string;
  readonly user?: string;
  readonly defaultImage?: string;
  readonly readOnly?: boolean;
  readonly mount?: readonly string[];
  readonly unsetMount?: readonly string[];
  readonly keep?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly totalMemory?: string;
  readonly totalCpus?: string;
  readonly shm?: string;
  readonly gpus?: string;
}

/** Adds the options. */
export function addContainerOptions(command: Command): Command {
  return addPodOptions(command)
    .option("--executor <kind>", "what runs steps: process, docker (Docker, or Podman's socket) or kubernetes")
    .option("--engine <address>", "socket of the container engine; empty: the one found on this machine")
    .option("--pull <when>", "images: missing, always or never")
    .option("--registry-secret <name>", "secret with username and password of the registry; empty: none")
    .option("--network <name>", "network of containers; none: without; empty: the engine's own")
    .option("--user <user>", "user in containers, as user or user:group; empty: the one that runs Penstock")
    .option("--default-image <image>", "image of scripts and notebooks that name none; empty: none")
    .option("--read-only", "steps can write to their own folders alone")
    .option("--no-read-only", "steps can write to all of their container")
    .option("--mount <folder>", "folder of this machine that volumes may lie in; again for more", gather)
    .option("--unset-mount <folder>", "takes a folder out; again for more", gather)
    .option("--keep <seconds>", "how long containers stay after their end")
    .option("--memory <quantity>", "limit of steps that name none, such as 2Gi; none: no limit")
    .option("--cpus <n>", "processors of steps that name no limit, fractions allowed; none: no limit")
    .option("--total-memory <quantity>", "memory of all steps at once, each by its limit; none: no limit")
    .option("--total-cpus <n>", "processors of all steps at once, each by its limit; none: no limit")
    .option("--shm <quantity>", "shared memory of steps that name none; none: as the engine gives")
    .option("--gpus <n>", "GPUs of steps that name none; none: none");
}

function oneOf<T extends string>(option: string, text: string, words: readonly T[]): T {
  const word = words.find((one) => one === text);
  if (word === undefined) throw refused(`${option} is one of ${words.join(", ")}.`);
  return word;
}

/** A limit as a number; null for `none`. */
function limit(option: string, text: string): number | null {
  if (text === "none" || text === "") return null;
  const value = quantity(text);
  if (value === null || value <= 0) throw refused(`${option} is a quantity such as 512Mi, 2G or 1.5, or \`none\`.`);
  return value;
}

function seconds(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw refused(`${option} is a number of seconds.`);
  return Math.round(value * 1_000);
}

/** Only what was given. */
export function containerChange(
  options: ContainerOptions,
  before: ProfileSettings | undefined,
): Pick<SaveProfileInput, "executor" | "limits" | "container"> {
  const { mount = [], unsetMount = [] } = options;
  const bytes = (option: string, text: string) => {
    const value = limit(option, text);
    return value === null ? null : Math.floor(value);
  };
  const limits = {
    ...(options.memory !== undefined && { memoryBytes: bytes("--memory", options.memory) }),
    ...(options.cpus !== undefined && { cpus: limit("--cpus", options.cpus) }),
    ...(options.totalMemory !== undefined && { totalMemoryBytes: bytes("--total-memory", options.totalMemory) }),
    ...(options.totalCpus !== undefined && { totalCpus: limit("--total-cpus", options.totalCpus) }),
    ...(options.shm !== undefined && { sharedMemoryBytes: bytes("--shm", options.shm) }),
    ...(options.gpus !== undefined && { gpus: limit("--gpus", options.gpus) }),
  };
  const kept = containerOf(before ?? {}).mounts.filter((folder) => !unsetMount.includes(folder));
  const container = {
    ...(options.engine !== undefined && { engine: options.engine || null }),
    ...(options.pull !== undefined && { pull: oneOf("--pull", options.pull, PULL_POLICIES) }),
    ...(options.registrySecret !== undefined && { registrySecret: options.registrySecret || null }),
    ...(options.network !== undefined && { network: options.network || null }),
    ...(options.user !== undefined && { user: options.user || null }),
    ...(options.defaultImage !== undefined && { image: options.defaultImage || null }),
    ...(options.readOnly !== undefined && { isReadOnly: options.readOnly }),
    ...(mount.length + unsetMount.length > 0 && { mounts: [...new Set([...kept, ...mount])] }),
    ...(options.keep !== undefined && { keepMs: seconds("--keep", options.keep) }),
    ...podChange(options),
  };
  return {
    ...(options.executor !== undefined && { executor: oneOf("--executor", options.executor, EXECUTOR_KINDS) }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(container).length > 0 && { container }),
  };
}

/** Lines about limits and containers, a name and a value each. */
export function containerRows(profile: ProfileSettings): string[][] {
  const { memoryBytes, cpus, sharedMemoryBytes, gpus, totalCpus, totalMemoryBytes } = limitsOf(profile);
  const limits = [
    ["memory", memoryBytes === null ? null : byteText(memoryBytes)],
    ["cpus", cpus],
    ["shared memory", sharedMemoryBytes === null ? null : byteText(sharedMemoryBytes)],
    ["gpus", gpus],
    ["memory of all steps", totalMemoryBytes === null ? null : byteText(totalMemoryBytes)],
    ["cpus of all steps", totalCpus],
  ].flatMap(([name, value]) => (value === null ? [] : [[String(name), String(value)]]));
  if (profile.executor === "process") return limits;
  if (profile.executor === "kubernetes") return [...limits, ...podRows(profile)];
  const { engine, pull, registrySecret, network, user, image, isReadOnly, mounts, keepMs } = containerOf(profile);
  return [
    ...limits,
    ["engine", engine ?? "the one found on this machine"],
    ["pull", pull],
    ["registry secret", registrySecret ?? "none"],
    ["network", network ?? "the engine's own"],
    ["user", user ?? "the one that runs Penstock"],
    ["default image", image ?? "none"],
    ["read-only", isReadOnly ? "yes" : "no"],
    ["keep containers", `${keepMs / 1_000} s`],
    ...mounts.map((folder) => ["mount", folder]),
  ];
}
