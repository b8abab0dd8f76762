/** Settings that only a container can honour: sizes, labels, annotations, tolerations; checked, merged and kept as written. */
import type { JsonValue } from "../graph";
import { asObject, field, isUnset, type JsonObject } from "./json";
import { itemText } from "./list-items";
import { mergeByKey, type Owner, readItems } from "./settings";

type Resources = { [key: string]: JsonValue };

const SIZES = ["cpu", "cpu_limit", "memory", "memory_limit", "gpu"] as const;
const LIMITS: readonly (readonly [request: string, limit: string])[] = [
  ["cpu", "cpu_limit"],
  ["memory", "memory_limit"],
];

/** A Kubernetes key: an optional domain, then a name. */
function isQualifiedName(text: string): boolean {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? (parts[0] ?? "") : null;
  return (
    parts.length <= 2 &&
    name.length <= 63 &&
    /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name) &&
    (domain === null || (domain.length <= 253 && /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(domain)))
  );
}

/** Sizes of one node; zero, null and the empty text mean unset, fractions are cut off when judged, as in Elyra. */
export function readSizes(parameters: JsonObject, owner: Owner): Resources {
  const sizes: Resources = {};
  for (const key of SIZES) {
    const written = field(parameters, key);
    if (isUnset(written) || written === 0 || written === "None") continue;
    const size = typeof written === "string" && /^\s*[+-]?\d+\s*$/.test(written) ? Number(written) : written;
    const place = `${owner.name}, ${key} (${owner.at}.${key})`;
    if (typeof size !== "number") {
      owner.problems.error(
        "container",
        "invalid-resource",
        place,
        `${key} is ${JSON.stringify(written)}, which is not a number. Write a number of 1 or more, or leave it empty.`,
        owner.step,
      );
    } else if (Math.trunc(size) <= 0) {
      owner.problems.error(
        "container",
        "invalid-resource",
        place,
        `${key} is ${size}. Write a number of 1 or more, or leave it empty.`,
        owner.step,
      );
    } else {
      sizes[key] = size;
    }
  }
  for (const [request, limit] of LIMITS) {
    const wanted = sizes[request];
    const most = sizes[limit];
    if (typeof wanted !== "number" || typeof most !== "number" || most >= wanted) continue;
    const place = `${owner.name}, ${limit} (${owner.at}.${limit})`;
    owner.problems.error(
      "container",
      "limit-below-request",
      place,
      `${limit} is ${most}, less than ${request}, which is ${wanted}. Raise the limit or lower the request.`,
      owner.step,
    );
  }
  const vendor = field(parameters, "gpu_vendor");
  if (typeof vendor === "string" && vendor !== "") {
    if (!isQualifiedName(vendor)) {
      owner.problems.error(
        "container",
        "invalid-resource",
        `${owner.name}, gpu_vendor (${owner.at}.gpu_vendor)`,
        `Kubernetes knows no resource by the name "${vendor}". An example of one is nvidia.com/gpu.`,
        owner.step,
      );
    }
    sizes.gpu_vendor = vendor;
  }
  return sizes;
}

/** Labels, annotations, tolerations and shared memory of a node or of the defaults. */
export function readPodSettings(holder: JsonObject, owner: Owner): Resources {
  const settings: Resources = {};
  for (const property of ["kubernetes_pod_annotations", "kubernetes_pod_labels"]) {
    const items = readItems(holder, property, owner).flatMap(({ item, place }) =>
      readPair(item, property, place, owner),
    );
    if (items.length > 0) settings[property] = items;
  }
  const tolerations = readItems(holder, "kubernetes_tolerations", owner).map(({ item, place }) =>
    readToleration(item, place, owner),
  );
  if (tolerations.length > 0) settings.kubernetes_tolerations = tolerations;
  const memory = readSharedMemory(holder, owner);
  if (memory !== null) settings.kubernetes_shared_mem_size = memory;
  return settings;
}

function readPair(item: JsonObject, property: string, place: string, owner: Owner): JsonObject[] {
  const key = itemText(item, "key").trim();
  const value = itemText(item, "value");
  if (!isQualifiedName(key)) {
    owner.problems.error(
      "container",
      "invalid-pod-setting",
      place,
      `Kubernetes takes no key "${key}" here. Use letters, digits, "-", "_" and "." with an optional domain before "/".`,
      owner.step,
    );
  }
  if (property === "kubernetes_pod_labels" && value !== "" && (value.includes("/") || !isQualifiedName(value))) {
    owner.problems.error(
      "container",
      "invalid-pod-setting",
      place,
      `Kubernetes takes no label value "${value}". Use at most 63 letters, digits, "-", "_" and ".".`,
      owner.step,
    );
  }
  return key === "" ? [] : [{ key, value }];
}

const EFFECTS = new Set(["", "NoSchedule", "PreferNoSchedule", "NoExecute"]);

function readToleration(item: JsonObject, place: string, owner: Owner): JsonObject {
  const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map((name) =>
    itemText(item, name).trim(),
  );
  const fault =
    operator !== "Equal" && operator !== "Exists"
      ? `its operator is "${operator}", not Equal or Exists`
      : operator === "Equal" && key === ""
        ? "Equal needs a key"
        : operator === "Exists" && value !== ""
          ? "Exists takes no value"
          : !EFFECTS.has(effect ?? "")
            ? `its effect "${effect}" is not NoSchedule, PreferNoSchedule or NoExecute`
            : null;
  if (fault !== null) {
    owner.problems.error(
      "container",
      "invalid-toleration",
      place,
      `Kubernetes takes no such toleration: ${fault}. Correct it, or delete it.`,
      owner.step,
    );
  }
  return { key: key ?? "", operator: operator ?? "", value: value ?? "", effect: effect ?? "" };
}

function readSharedMemory(holder: JsonObject, owner: Owner): JsonObject | null {
  const written = field(holder, "kubernetes_shared_mem_size");
  if (isUnset(written)) return null;
  const size = field(written, "size");
  const units = field(written, "units");
  if (isUnset(size) || size === 0 || size === "0") return null;
  const number = typeof size === "string" && size.trim() !== "" ? Number(size) : size;
  const place = `${owner.name}, kubernetes_shared_mem_size (${owner.at}.kubernetes_shared_mem_size)`;
  if (typeof number !== "number" || !(number >= 0) || (!isUnset(units) && units !== "G")) {
    owner.problems.error(
      "container",
      "invalid-shared-memory",
      place,
      "The shared memory size must be a number of 0 or more, in units of G. Correct it, or leave it empty.",
      owner.step,
    );
    return null;
  }
  return { size: number, units: "G" };
}

/** Defaults and a node's own, by the keys Elyra uses: the label's key, all four fields of a toleration. */
export function mergePodSettings(defaults: Resources, own: Resources): Resources {
  const merged: Resources = { ...defaults, ...own };
  for (const property of ["kubernetes_pod_annotations", "kubernetes_pod_labels"]) {
    mergeList(merged, defaults, own, property, (item) => String(asObject(item).key));
  }
  mergeList(merged, defaults, own, "kubernetes_tolerations", (item) => JSON.stringify(item));
  return merged;
}

function mergeList(
  into: Resources,
  defaults: Resources,
  own: Resources,
  property: string,
  key: (item: JsonValue) => string,
): void {
  const [first, second] = [defaults[property], own[property]];
  if (Array.isArray(first) && Array.isArray(second)) into[property] = [...mergeByKey(first, second, key)];
}
