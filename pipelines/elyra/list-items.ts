/** The two encodings of Elyra's list properties: a text such as `NAME=value` up to version 7, an object since 8. */
import type { JsonValue } from "../graph";
import { asObject, asText, isObject, type JsonObject } from "./json";

/** Cuts at the first separator; the rest is kept whole, whatever it holds. */
function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function volumeItem(text: string): JsonObject {
  const [path, pvcName] = cut(text, "=");
  return { path: path.trim(), pvc_name: pvcName.trim() };
}

function keyValueItem(text: string): JsonObject {
  const [key, value] = cut(text, "=");
  return { key: key.trim(), value };
}

function secretItem(text: string): JsonObject {
  const [variable, rest] = cut(text, "=");
  const [name, key] = cut(rest, ":");
  return { env_var: variable.trim(), name: name.trim(), key: key.trim() };
}

function tolerationItem(text: string): JsonObject {
  const parts = cut(text, "=")[1].split(":");
  const [key = "", operator = ""] = parts;
  const effect = parts.length > 3 ? (parts.at(-1) ?? "") : "";
  const value = parts.slice(2, parts.length > 3 ? -1 : undefined).join(":");
  return { key, operator, value, effect };
}

function environmentItem(text: string): JsonObject {
  const [name, value] = cut(text, "=");
  return { env_var: name.trim(), value };
}

const TEXT_READERS: { readonly [property: string]: (text: string) => JsonObject } = {
  env_vars: environmentItem,
  mounted_volumes: volumeItem,
  kubernetes_secrets: secretItem,
  kubernetes_pod_annotations: keyValueItem,
  kubernetes_pod_labels: keyValueItem,
  kubernetes_tolerations: tolerationItem,
};

export const LIST_PROPERTIES = Object.keys(TEXT_READERS);

/** One item as an object; null for what both encodings leave empty (`null`, `""`, `{}`); undefined for another type. */
export function itemAsObject(property: string, item: JsonValue): JsonObject | null | undefined {
  if (item === null) return null;
  if (typeof item === "string") {
    const read = TEXT_READERS[property];
    return item.trim() === "" || read === undefined ? null : read(item);
  }
  if (!isObject(item)) return undefined;
  return Object.values(item).every((value) => value === null || value === "") ? null : item;
}

/** A field of an item as text; numbers and truth values are written out, as hand-made files hold them bare. */
export function itemText(item: JsonObject, key: string): string {
  const value = asObject(item)[key];
  return typeof value === "number" || typeof value === "boolean" ? String(value) : asText(value);
}
