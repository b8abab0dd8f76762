/** What the form of a profile holds about limits and containers, as typed, and how it is read. */
import { quantity } from "@/server/domain/limits";
import {
  type ContainerSettings,
  containerOf,
  type DefaultLimits,
  type ExecutorKind,
  limitsOf,
  type ProfileSettings,
  type PullPolicy,
} from "@/server/domain/profile";
import { POD_LABELS, POD_WORDS, type PodValues, podValues, readPod } from "./pod-values";

export interface ContainerValues extends PodValues {
  readonly executor: ExecutorKind;
  readonly memoryBytes: string;
  readonly cpus: string;
  readonly totalCpus: string;
  readonly totalMemoryBytes: string;
  readonly sharedMemoryBytes: string;
  readonly gpus: string;
  readonly engine: string;
  readonly pull: PullPolicy;
  readonly registrySecret: string;
  readonly network: string;
  readonly user: string;
  readonly image: string;
  readonly isReadOnly: boolean;
  /** One folder a line. */
  readonly mounts: string;
  /** Minutes. */
  readonly keepMs: string;
}

const UNITS: readonly (readonly [unit: string, bytes: number])[] = [
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
];

/** Bytes in the largest unit that says them exactly. */
function sizeText(bytes: number | null): string {
  if (bytes === null) return "";
  const [unit, size] = UNITS.find(([, one]) => bytes % one === 0) ?? ["", 1];
  return `${bytes / size}${unit}`;
}

const numberText = (value: number | null): string => (value === null ? "" : String(value));

export function containerValues(settings: ProfileSettings): ContainerValues {
  const limits = limitsOf(settings);
  const container = containerOf(settings);
  return {
    executor: settings.executor,
    memoryBytes: sizeText(limits.memoryBytes),
    cpus: numberText(limits.cpus),
    totalCpus: numberText(limits.totalCpus),
    totalMemoryBytes: sizeText(limits.totalMemoryBytes),
    sharedMemoryBytes: sizeText(limits.sharedMemoryBytes),
    gpus: numberText(limits.gpus),
    engine: container.engine ?? "",
    pull: container.pull,
    registrySecret: container.registrySecret ?? "",
    network: container.network ?? "",
    user: container.user ?? "",
    image: container.image ?? "",
    isReadOnly: container.isReadOnly,
    mounts: container.mounts.join("\n"),
    keepMs: String(container.keepMs / 60_000),
    ...podValues(settings),
  };
}

/** What cannot be read becomes no number, which the schema refuses. */
const sized = (text: string): number | null =>
  text.trim() === "" ? null : Math.floor(quantity(text.trim()) ?? Number.NaN);
const numbered = (text: string): number | null => (text.trim() === "" ? null : Number(text));
const worded = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** The parts of a request, unchecked. */
export function readContainer(values: ContainerValues): {
  readonly executor: ExecutorKind;
  readonly limits: DefaultLimits;
  readonly container: Partial<ContainerSettings>;
} {
  return {
    executor: values.executor,
    limits: {
      memoryBytes: sized(values.memoryBytes),
      cpus: numbered(values.cpus),
      totalCpus: numbered(values.totalCpus),
      totalMemoryBytes: sized(values.totalMemoryBytes),
      sharedMemoryBytes: sized(values.sharedMemoryBytes),
      gpus: numbered(values.gpus),
    },
    container: {
      engine: worded(values.engine),
      pull: values.pull,
      registrySecret: worded(values.registrySecret),
      network: worded(values.network),
      user: worded(values.user),
      image: worded(values.image),
      isReadOnly: values.isReadOnly,
      mounts: values.mounts
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== ""),
      keepMs: values.keepMs.trim() === "" ? 0 : Math.round(Number(values.keepMs) * 60_000),
      // Left as it is where nobody was asked for it.
      ...(values.executor === "kubernetes" && { pod: readPod(values) }),
    },
  };
}

export const CONTAINER_LABELS: { readonly [field: string]: string } = {
  memoryBytes: "Memory",
  cpus: "Processors",
  totalCpus: "Processors of all steps together",
  totalMemoryBytes: "Memory of all steps together",
  sharedMemoryBytes: "Shared memory",
  gpus: "GPUs",
  engine: "Container engine",
  registrySecret: "Secret for the registry",
  network: "Network",
  user: "User",
  image: "Image for scripts and notebooks",
  mounts: "Folders that may be mounted",
  keepMs: "Keep containers",
  ...POD_LABELS,
};

/** What to write instead, where the schema's own words do not say it. */
export const CONTAINER_WORDS: { readonly [field: string]: string } = {
  memoryBytes: "Write a size of at least 4Mi, such as 512Mi or 2Gi, or leave it empty.",
  sharedMemoryBytes: "Write a size of at least 64Ki, such as 256Mi, or leave it empty.",
  cpus: "Write a number such as 0.5 or 2, or leave it empty.",
  totalCpus: "Write a number such as 8, or leave it empty.",
  totalMemoryBytes: "Write a size of at least 4Mi, such as 64Gi, or leave it empty.",
  gpus: "Write a whole number from 1, or leave it empty.",
  keepMs: "Write minutes, at most 30 days.",
  registrySecret: "Give the name of a secret: lower-case letters, digits and dashes.",
  ...POD_WORDS,
};
