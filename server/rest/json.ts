/** JSON as protobuf writes and reads it: unset fields left out, names in either case, numbers as numbers or digits. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import { ProblemError } from "@/server/domain/problem-error";

export type JsonObject = { [key: string]: JsonValue };

/** What stands for "never" in fields that are always present. */
export const EPOCH = "1970-01-01T00:00:00Z";

type Fields = { readonly [key: string]: JsonValue | undefined | JsonObject[] };

function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** An answer without its unset fields. */
export function compact(fields: Fields): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && !isUnset(value)) object[key] = value;
  }
  return object;
}

/** A moment as RFC 3339. */
export const timestamp = (at: Date | string | null): string | undefined =>
  at === null ? undefined : typeof at === "string" ? at : at.toISOString();

/** `pipelineVersionId` as `pipeline_version_id`. */
const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function hasFields(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A message's fields under their snake_case names, one level deep: what lies in them may be a user's own. */
export function message(value: JsonValue | undefined): JsonObject {
  if (!hasFields(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snake(key), inner]));
}

/** A text field; null and absent are the empty text. */
export function text(value: JsonValue | undefined, field: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  throw new ProblemError("invalid", `invalid value for string field ${field}`);
}

/** A field that holds free JSON by name. */
export function struct(value: JsonValue | undefined, field: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (hasFields(value)) return value;
  throw new ProblemError("invalid", `invalid value for message field ${field}`);
}

/** A moment field, or undefined. */
export function moment(value: JsonValue | undefined, field: string): Date | undefined {
  const given = text(value, field);
  if (given === "") return undefined;
  const parsed = z.iso.datetime({ offset: true }).safeParse(given);
  if (!parsed.success)
    throw new ProblemError("invalid", `invalid google.protobuf.Timestamp value ${given} in ${field}`);
  return new Date(parsed.data);
}

/** The JSON object of a request's body; none is an empty one. Throws `invalid`. */
export async function readBody(request: Request): Promise<JsonObject> {
  const body = await request.text();
  if (body.trim() === "") return {};
  try {
    const value: JsonValue = JSON.parse(body);
    return message(value);
  } catch {
    throw new ProblemError("invalid", "The body is not JSON.");
  }
}
