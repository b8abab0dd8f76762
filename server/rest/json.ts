/** JSON as protobuf writes and reads it: unset fields left out, names in either case, numbers as numbers or digits. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import { readLenientJson } from "@/pipelines/text/json";
import { Tags } from "@/server/domain/inputs/shared";
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

/** Whether a value is an object of JSON. */
export const hasFields = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrong = (kind: string, field: string): ProblemError =>
  new ProblemError("invalid", `invalid value for ${kind} field ${field}`);

/**
 * A message's fields under their snake_case names, one level deep: what lies in them may be a user's own. Absent and
 * null are the empty message. Throws `invalid` for what is no message, and for a field in both spellings.
 */
export function message(value: JsonValue | undefined, field = "body"): JsonObject {
  if (value === undefined || value === null) return {};
  if (!hasFields(value)) throw wrong("message", field);
  const fields = Object.entries(value).map(([key, inner]) => [snake(key), inner] as const);
  const names = new Set(fields.map(([name]) => name));
  if (names.size < fields.length) throw new ProblemError("invalid", `duplicate field in ${field}`);
  return Object.fromEntries(fields);
}

/** A text field; null and absent are the empty text. */
export function text(value: JsonValue | undefined, field: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  throw wrong("string", field);
}

/** A field that holds free JSON by name. */
export function struct(value: JsonValue | undefined, field: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (hasFields(value)) return value;
  throw wrong("message", field);
}

/** A field of an enumeration, by name or number; absent is its unspecified word. */
export function word<Word extends string>(
  value: JsonValue | undefined,
  field: string,
  words: { readonly [number: number]: Word },
): Word | undefined {
  if (value === undefined || value === null) return undefined;
  const known = Object.entries(words).find(([number, name]) => value === name || value === Number(number));
  if (known === undefined) throw wrong("enum", field);
  return known[1];
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

/** Labels; absent keeps those that are there, the empty object clears them. */
export function tagsOf(value: JsonValue | undefined): Tags | undefined {
  if (value === undefined || value === null) return undefined;
  const parsed = Tags.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { message: words = "Give an object of short texts." } =
    (issue?.code === "invalid_key" ? issue.issues[0] : issue) ?? {};
  throw new ProblemError("invalid", `tags: ${words}`);
}

/** Refuses a name that is longer than Kubeflow's column for it. */
export function checkLength(field: string, value: string, max: number): void {
  if (Buffer.byteLength(value) > max) throw new ProblemError("invalid", `${field} length cannot exceed ${max}`);
}

const MAX_TITLE = 255;

/** Refuses a title that no list could show. */
export const checkTitle = (title: string): void => checkLength("display_name", title, MAX_TITLE);

/** The JSON object of a request's body; none is an empty one. Throws `invalid`. */
export async function readBody(request: Request): Promise<JsonObject> {
  const body = await request.text();
  if (body.trim() === "") return {};
  const read = readLenientJson(body);
  if (read.ok) return message(read.value);
  const [problem] = read.problems;
  throw new ProblemError("invalid", `The body is not JSON: ${problem?.place ?? ""}: ${problem?.message ?? ""}`);
}
