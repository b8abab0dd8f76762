/** What the platform document of a Kubeflow step says of its pod, in the words of Kubernetes. */
import type { JsonValue, Step } from "../graph";
import { isObject } from "./message";
import { field, objects, platformSettings, text, writtenName } from "./platform";

type JsonObject = { readonly [name: string]: JsonValue };
export type Words = { readonly [name: string]: string };
/** A volume of a pod and where its container finds it. */
export interface PodMount {
  readonly volume: { readonly [key: string]: JsonValue | undefined };
  readonly mount: { readonly [key: string]: JsonValue | undefined };
}

const words = (value: JsonValue | undefined): Words =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)])) : {};

/** Without what is not given. */
export const dense = (object: { readonly [key: string]: JsonValue | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(object).filter((pair): pair is [string, JsonValue] => pair[1] !== undefined));

/** What a step itself says, whatever its format. */
export interface StepPod {
  readonly labels: Words;
  readonly annotations: Words;
  readonly nodeSelector: Words;
  readonly tolerations: readonly JsonObject[];
  readonly affinity: JsonObject | null;
  readonly imagePullSecrets: readonly string[];
  readonly security: { readonly runAsUser?: number; readonly runAsGroup?: number; readonly runAsNonRoot?: boolean };
  readonly pull: "missing" | "always" | "never" | null;
  readonly sharedMemoryBytes: number | null;
  readonly requests: Words;
  readonly extraLimits: Words;
  readonly volumes: readonly PodMount[];
  /** Settings of which no pod is given what they say, by their key. */
  readonly unread: readonly string[];
}

/** A step that says nothing of its pod. */
export const NO_POD: StepPod = {
  labels: {},
  annotations: {},
  nodeSelector: {},
  tolerations: [],
  affinity: null,
  imagePullSecrets: [],
  security: {},
  pull: null,
  sharedMemoryBytes: null,
  requests: {},
  extraLimits: {},
  volumes: [],
  unread: [],
};

const PULLS: { readonly [policy: string]: StepPod["pull"] } = {
  Always: "always",
  IfNotPresent: "missing",
  Never: "never",
};

/** A list of mounts of one kind; `given` is the name that an input brings. An entry that names nothing is not read. */
type Reader = (entry: JsonObject, name: string, given: string | null) => PodMount | null;

const mountPath = (entry: JsonObject): string | null => text(field(entry, "mountPath"));

const keyed =
  (kind: "secret" | "configMap"): Reader =>
  (entry, name, given) => {
    const written = writtenName(entry, kind === "secret" ? "secretName" : "configMapName");
    const [of, path] = [written ?? given, mountPath(entry)];
    if (of === null || path === null) return null;
    const source = kind === "secret" ? { secretName: of } : { name: of };
    const optional = entry.optional === true ? { optional: true } : {};
    return { volume: { name, [kind]: { ...source, ...optional } }, mount: { name, mountPath: path, readOnly: true } };
  };

const MOUNT_READERS: { readonly [setting: string]: Reader } = {
  pvcMount(entry, name, given) {
    const written = writtenName(entry, "pvcName") ?? text(field(entry, "constant"));
    const [claim, path] = [written ?? given, mountPath(entry)];
    if (claim === null || path === null) return null;
    const subPath = text(field(entry, "subPath"));
    return {
      volume: { name, persistentVolumeClaim: { claimName: claim } },
      mount: dense({ name, mountPath: path, subPath: subPath ?? undefined }),
    };
  },
  secretAsVolume: keyed("secret"),
  configMapAsVolume: keyed("configMap"),
  emptyDirMounts(entry, name) {
    const path = mountPath(entry);
    if (path === null) return null;
    const [medium, sizeLimit] = [text(field(entry, "medium")), text(field(entry, "sizeLimit"))];
    return {
      volume: { name, emptyDir: dense({ medium: medium ?? undefined, sizeLimit: sizeLimit ?? undefined }) },
      mount: { name, mountPath: path },
    };
  },
  genericEphemeralVolume(entry, name) {
    const path = mountPath(entry);
    if (path === null) return null;
    const storage = text(field(entry, "size"));
    const spec = dense({
      accessModes: field(entry, "accessModes") ?? ["ReadWriteOnce"],
      storageClassName: text(field(entry, "storageClassName")) ?? undefined,
      resources: storage === null ? undefined : { requests: { storage } },
    });
    return { volume: { name, ephemeral: { volumeClaimTemplate: { spec } } }, mount: { name, mountPath: path } };
  },
};

/** What the document gives as one JSON value, where it stands there outright. */
function writtenJson(entry: JsonObject, name: string): JsonObject | null {
  const reference = field(entry, name);
  const runtime = isObject(reference) ? field(reference, "runtimeValue") : undefined;
  return isObject(runtime) && isObject(runtime.constant) ? runtime.constant : null;
}

/** Kubeflow writes one term as it stands there, with or without a weight, or a whole affinity as JSON. */
function nodeAffinity(entries: readonly JsonObject[]): JsonObject | null {
  const required: JsonObject[] = [];
  const preferred: JsonObject[] = [];
  for (const entry of entries) {
    const whole = writtenJson(entry, "nodeAffinityJson");
    if (whole !== null) {
      const must = field(whole, "requiredDuringSchedulingIgnoredDuringExecution");
      required.push(...(isObject(must) ? objects(field(must, "nodeSelectorTerms")) : []));
      preferred.push(...objects(field(whole, "preferredDuringSchedulingIgnoredDuringExecution")));
      continue;
    }
    const term = dense({
      matchExpressions: field(entry, "matchExpressions"),
      matchFields: field(entry, "matchFields"),
    });
    const weight = entry.weight;
    if (typeof weight === "number") preferred.push({ weight, preference: term });
    else if (Object.keys(term).length > 0) required.push(term);
  }
  if (required.length + preferred.length === 0) return null;
  return dense({
    requiredDuringSchedulingIgnoredDuringExecution: required.length > 0 ? { nodeSelectorTerms: required } : undefined,
    preferredDuringSchedulingIgnoredDuringExecution: preferred.length > 0 ? preferred : undefined,
  });
}

function podAffinity(entries: readonly JsonObject[], isAnti: boolean): JsonObject | null {
  const of = entries.filter((entry) => (entry.anti === true) === isAnti);
  const term = (entry: JsonObject): JsonObject =>
    dense({
      topologyKey: field(entry, "topologyKey"),
      namespaces: field(entry, "namespaces"),
      labelSelector: labelSelector(entry, "matchPodLabels", "matchPodExpressions"),
      namespaceSelector: labelSelector(entry, "matchNamespaceLabels", "matchNamespaceExpressions"),
    });
  const preferred = of.flatMap((entry) =>
    typeof entry.weight === "number" ? [{ weight: entry.weight, podAffinityTerm: term(entry) }] : [],
  );
  const required = of.filter((entry) => typeof entry.weight !== "number").map(term);
  if (of.length === 0) return null;
  return dense({
    requiredDuringSchedulingIgnoredDuringExecution: required.length > 0 ? required : undefined,
    preferredDuringSchedulingIgnoredDuringExecution: preferred.length > 0 ? preferred : undefined,
  });
}

function labelSelector(entry: JsonObject, labels: string, expressions: string): JsonValue | undefined {
  const selector = dense({ matchLabels: field(entry, labels), matchExpressions: field(entry, expressions) });
  return Object.keys(selector).length === 0 ? undefined : selector;
}

/** A toleration as Kubernetes takes it; null for one that says nothing. */
export function toleration(entry: JsonObject): JsonObject | null {
  const { key, operator, value, effect } = entry;
  const seconds = field(entry, "tolerationSeconds");
  const one = dense({
    key: text(key) ?? undefined,
    operator: text(operator) ?? undefined,
    value: text(value) ?? undefined,
    effect: text(effect) ?? undefined,
    // Kubeflow writes 64-bit numbers as text.
    tolerationSeconds: seconds === undefined || seconds === null ? undefined : Number(seconds),
  });
  return Object.keys(one).length === 0 ? null : one;
}

type NameOf = (setting: string, at: number) => string | null;

/** What the platform document of a Kubeflow step says of its pod; `given` knows the names that inputs bring. */
export function kubeflowPod(step: Step, given: NameOf = () => null): StepPod {
  const settings = new Map(platformSettings(step));
  const volumes: PodMount[] = [];
  const unread: string[] = [];
  const selectorOf = settings.get("nodeSelector");
  const metadata = settings.get("podMetadata");
  const security = settings.get("securityContext");
  const memory = settings.get("enabledSharedMemory");
  for (const [setting, value] of settings) {
    const reader = MOUNT_READERS[setting];
    if (reader === undefined) continue;
    for (const [at, entry] of objects(value).entries()) {
      const source = reader(entry, `${setting.toLowerCase()}-${at}`, given(setting, at));
      if (source === null) unread.push(setting);
      else volumes.push(source);
    }
  }
  if (settings.has("initContainers")) unread.push("initContainers");
  if (isObject(memory)) {
    const sizeLimit = text(memory.size) ?? undefined;
    volumes.push({
      volume: { name: "shm", emptyDir: dense({ medium: "Memory", sizeLimit }) },
      mount: { name: "shm", mountPath: "/dev/shm" },
    });
  }
  const affinity = dense({
    nodeAffinity: nodeAffinity(objects(settings.get("nodeAffinity"))) ?? undefined,
    podAffinity: podAffinity(objects(settings.get("podAffinity")), false) ?? undefined,
    podAntiAffinity: podAffinity(objects(settings.get("podAffinity")), true) ?? undefined,
  });
  const number = (name: string) => {
    const value = isObject(security) ? field(security, name) : undefined;
    return value === undefined || value === null ? {} : { [name]: Number(value) };
  };
  return {
    ...NO_POD,
    ...(isObject(metadata) && { labels: words(metadata.labels), annotations: words(metadata.annotations) }),
    nodeSelector: isObject(selectorOf)
      ? words(writtenJson(selectorOf, "nodeSelectorJson") ?? field(selectorOf, "labels"))
      : {},
    tolerations: objects(settings.get("tolerations"))
      .map((entry) => toleration(writtenJson(entry, "tolerationJson") ?? entry))
      .filter((one) => one !== null),
    affinity: Object.keys(affinity).length === 0 ? null : affinity,
    imagePullSecrets: objects(settings.get("imagePullSecret")).flatMap(
      (entry) => writtenName(entry, "secretName") ?? [],
    ),
    security: {
      ...number("runAsUser"),
      ...number("runAsGroup"),
      ...(isObject(security) && field(security, "runAsNonRoot") === true && { runAsNonRoot: true }),
    },
    pull: PULLS[String(settings.get("imagePullPolicy"))] ?? null,
    volumes,
    unread,
    ...kubeflowResources(step),
  };
}

/** What is set aside, and accelerators by the name of their resource. */
function kubeflowResources({ body }: Step): Partial<StepPod> {
  if (body.body !== "container" || body.resources === undefined) return {};
  const { resources } = body;
  const asked = (name: string) => text(field(resources, name)) ?? undefined;
  const requests = dense({
    cpu: asked("resourceCpuRequest"),
    memory: asked("resourceMemoryRequest"),
  });
  const accelerator = resources.accelerator;
  if (!isObject(accelerator)) return { requests: words(requests) };
  const [type, count] = [
    field(accelerator, "resourceType") ?? field(accelerator, "type"),
    field(accelerator, "resourceCount") ?? field(accelerator, "count"),
  ];
  const isNamed = typeof type === "string" && type.includes("/") && !type.includes("{{");
  return {
    requests: words(requests),
    ...(isNamed && { extraLimits: { [type]: String(count ?? 1) } }),
  };
}
