/** The key of a result as digests of its parts, so that a miss can say which of them changed. */
import { createHash } from "node:crypto";

/** Digest of each part by its name: `input lr`, `command`, `environment HOME`. */
export type CacheParts = { readonly [part: string]: string };

/** SHA-256 in hex of a JSON value; the order of keys and an absent or undefined field make no difference. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`)
    .join(",")}}`;
}

/** The key of a result: one digest over all its parts. */
export const cacheKey = (parts: CacheParts): string => digestOf(parts);

/** The parts that differ, in order of their names; one that only one side has differs too. */
export function changedParts(before: CacheParts, now: CacheParts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const differs = (name: string): boolean =>
    (Object.hasOwn(before, name) ? before[name] : undefined) !== (Object.hasOwn(now, name) ? now[name] : undefined);
  return [...names].filter(differs).sort();
}
