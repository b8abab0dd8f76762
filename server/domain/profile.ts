/** What a profile says about how steps run, and what it says where nobody has said anything. */
import { POD_DEFAULTS, type PodSettings } from "./pod";

export const EXECUTOR_KINDS = ["process", "docker", "kubernetes"] as const;
/** What runs steps: processes of this machine, containers of an engine on it, or pods of a cluster. */
export type ExecutorKind = (typeof EXECUTOR_KINDS)[number];

export const PULL_POLICIES = ["missing", "always", "never"] as const;
export type PullPolicy = (typeof PULL_POLICIES)[number];

/** What a step may take that names no limits of its own, and what all may take together; null: no limit. */
export interface DefaultLimits {
  readonly memoryBytes: number | null;
  /** Processors, fractions allowed; containers alone are held to it. */
  readonly cpus: number | null;
  readonly sharedMemoryBytes: number | null;
  readonly gpus: number | null;
  /** Processors and memory of all steps at once; each counts for what it may take. */
  readonly totalCpus: number | null;
  readonly totalMemoryBytes: number | null;
}

/** How containers are made. */
export interface ContainerSettings {
  /** Address of the container engine; null takes the one that is found on this machine. */
  readonly engine: string | null;
  readonly pull: PullPolicy;
  /** Secret with `username` and `password` for the registry; null pulls without. */
  readonly registrySecret: string | null;
  /** Name of a network of the engine; null takes the engine's own. */
  readonly network: string | null;
  /** Null takes the user that runs Penstock. */
  readonly user: string | null;
  /** For scripts and notebooks that name no image. */
  readonly image: string | null;
  /** Only the step's own folders can be written. */
  readonly isReadOnly: boolean;
  /** Folders of this machine of which volumes may be mounted, beside those that Penstock keeps itself. */
  readonly mounts: readonly string[];
  /** How long a container stays after its end, to be looked into. */
  readonly keepMs: number;
  /** For pods; what differs from `POD_DEFAULTS`. */
  readonly pod: Partial<PodSettings>;
}

/** What a profile says about how steps run; stored with every run. */
export interface ProfileSettings {
  readonly executor: ExecutorKind;
  /** Time between TERM and KILL. */
  readonly graceMs: number;
  /** Interpreter of Python steps; null takes the server's. */
  readonly python: string | null;
  readonly environment: { readonly [name: string]: string };
  /** Steps at once under this profile; null leaves it to the machine. */
  readonly capacity: number | null;
  /** Images, `*` for any part of a name, and what is taken in their place. */
  readonly imageMap: { readonly [image: string]: string };
  /** Where container steps start; null takes the attempt's own directory, and in a container the image's. */
  readonly workingDirectory: string | null;
  readonly runsWithoutMounts: boolean;
  /** What differs from `NO_LIMITS`; absent in runs that are older than it. */
  readonly limits?: Partial<DefaultLimits>;
  /** What differs from `CONTAINER_DEFAULTS`; absent in runs that are older than it. */
  readonly container?: Partial<ContainerSettings>;
}

/** The profile `local` as a new installation has it. */
export const LOCAL_PROFILE: Required<ProfileSettings> = {
  executor: "process",
  graceMs: 10_000,
  python: null,
  environment: {},
  capacity: null,
  imageMap: {},
  workingDirectory: null,
  runsWithoutMounts: false,
  limits: {},
  container: {},
};

const NO_LIMITS: DefaultLimits = {
  memoryBytes: null,
  cpus: null,
  sharedMemoryBytes: null,
  gpus: null,
  totalCpus: null,
  totalMemoryBytes: null,
};

const CONTAINER_DEFAULTS: ContainerSettings = {
  engine: null,
  pull: "missing",
  registrySecret: null,
  network: null,
  user: null,
  image: null,
  isReadOnly: false,
  mounts: [],
  keepMs: 0,
  pod: {},
};

/** The default limits of a profile, whole. */
export const limitsOf = ({ limits }: Pick<ProfileSettings, "limits">): DefaultLimits => ({ ...NO_LIMITS, ...limits });

/** How a profile makes containers, whole. */
export const containerOf = ({ container }: Pick<ProfileSettings, "container">): ContainerSettings => ({
  ...CONTAINER_DEFAULTS,
  ...container,
});

/** How a profile makes pods, whole. */
export const podOf = (profile: Pick<ProfileSettings, "container">): PodSettings => ({
  ...POD_DEFAULTS,
  ...containerOf(profile).pod,
});

/** What stands in a pattern's place of `*`, null for an image that the pattern does not fit. */
function fitted(pattern: string, image: string): string | null {
  const [before = "", ...after] = pattern.split("*");
  if (after.length !== 1) return null;
  const [end = ""] = after;
  const fits = image.length >= before.length + end.length && image.startsWith(before) && image.endsWith(end);
  return fits ? image.slice(before.length, image.length - end.length) : null;
}

/**
 * The image that is taken in the place of one that a step names: by its whole name first, else by the pattern that says
 * most. A `*` on the right takes what the one on the left stood for.
 */
export function mappedImage(image: string, { imageMap }: Pick<ProfileSettings, "imageMap">): string {
  if (Object.hasOwn(imageMap, image)) return imageMap[image] ?? image;
  const patterns = Object.keys(imageMap).sort((a, b) => b.length - a.length);
  for (const pattern of patterns) {
    const part = fitted(pattern, image);
    if (part !== null) return (imageMap[pattern] ?? image).replace("*", () => part);
  }
  return image;
}
