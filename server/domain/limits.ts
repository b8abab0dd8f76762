/** What a step may take at most: reads the limits of both formats, Kubernetes quantities included. */
import type { JsonValue, Step, StepBody } from "@/pipelines/graph";

export interface StepLimits {
  /** Null: no limit. */
  readonly memoryBytes: number | null;
  /** Processors, fractions allowed; null: no limit. */
  readonly cpus: number | null;
  /** Limits that cannot be read, in sentences. */
  readonly problems: readonly string[];
}

type Resources = { readonly [key: string]: JsonValue };

const NONE: StepLimits = { memoryBytes: null, cpus: null, problems: [] };
/** Numbers without a unit count gigabytes, in Kubeflow's older fields as in Elyra's. */
const GIGABYTE = 1e9;

const UNITS: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity (`512Mi`, `2G`, `1.5`, `100m`, `1e3`) as a number; null when it is none or negative. */
export function quantity(text: string): number | null {
  const found = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i))?$/.exec(text.trim());
  if (found === null) return null;
  const [, digits = "", exponent = "", unit = ""] = found;
  const value = Number(digits + exponent) * (UNITS[unit] ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}

/** The limits of a step. `fill` puts values in the place of placeholders, which only the strings may hold. */
export function stepLimits(body: StepBody, fill: (text: string) => string): StepLimits {
  const resources = body.body === "container" || body.body === "file" ? body.resources : undefined;
  if (resources === undefined) return NONE;
  const problems: string[] = [];
  const read =
    body.body === "file"
      ? { memory: plain(resources, "memory_limit", GIGABYTE), cpu: plain(resources, "cpu_limit", 1) }
      : {
          memory:
            written(resources, "resourceMemoryLimit", fill, problems) ?? plain(resources, "memoryLimit", GIGABYTE),
          cpu: written(resources, "resourceCpuLimit", fill, problems) ?? plain(resources, "cpuLimit", 1),
        };
  return { memoryBytes: read.memory === null ? null : Math.floor(read.memory), cpus: read.cpu, problems };
}

const asObject = (value: JsonValue | undefined): Resources | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Resources) : null;

/** How many GPUs a step asks for; null for none. */
export function stepGpus(body: StepBody): number | null {
  const resources = body.body === "container" || body.body === "file" ? body.resources : undefined;
  if (resources === undefined) return null;
  if (body.body === "file") return plain(resources, "gpu", 1);
  const accelerator = asObject(resources.accelerator);
  if (accelerator === null) return null;
  const count = Number(fieldOf(accelerator, "resourceCount") ?? fieldOf(accelerator, "count") ?? 0);
  return Number.isInteger(count) && count > 0 ? count : null;
}

/** The shared memory that an Elyra node asks for, in bytes; null for what the container engine gives. */
export function stepSharedMemory({ body, platform }: Pick<Step, "body" | "platform">): number | null {
  const settings = body.body === "file" ? body.resources : platform;
  const asked = asObject(settings?.kubernetes_shared_mem_size);
  const size = asked?.size;
  if (typeof size !== "number" || size <= 0) return null;
  return size * (asked?.units === "M" ? 2 ** 20 : 2 ** 30);
}

/** A limit given as a number of a fixed unit; zero means none. */
function plain(resources: Resources, key: string, unit: number): number | null {
  const value = fieldOf(resources, key);
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value * unit : null;
}

/** A limit written as a quantity, which comes before the number of the older field. */
function written(resources: Resources, key: string, fill: (text: string) => string, problems: string[]): number | null {
  const value = fieldOf(resources, key);
  if (typeof value !== "string" || value === "") return null;
  const text = fill(value);
  if (text.trim() === "" || text === "0") return null;
  const limit = quantity(text);
  if (limit === null || limit <= 0) {
    problems.push(
      `The limit ${key} is ${JSON.stringify(text.slice(0, 100))}. Write a quantity such as 512Mi, 2G or 1.5.`,
    );
    return null;
  }
  return limit;
}

/** A field under its camelCase or its snake_case name. */
const fieldOf = (resources: Resources, key: string): JsonValue | undefined =>
  resources[key] ?? resources[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
