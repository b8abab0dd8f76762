/** Page tokens: where a list goes on, signed so that a client can neither forge one nor use it for another list. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import type { PagePosition } from "./predicates";
import { ProblemError } from "./problem-error";

const MAX_TOKEN = 8_192;
const SIGNATURE_BYTES = 16;

const Value = z.union([z.string(), z.number()]);

const Payload = z.strictObject({
  list: z.string(),
  query: z.json(),
  after: z.strictObject({ value: Value.nullable(), ties: z.array(Value).exactOptional(), key: z.number().int() }),
});

export interface PageToken {
  /** Which list it belongs to: `runs`, `pipelines` … */
  readonly list: string;
  /** What was asked for: a digest, or the question itself where a client may leave it out on later pages. */
  readonly query: JsonValue;
  readonly after: PagePosition;
}

const signature = (secret: Uint8Array, body: string): Buffer =>
  createHmac("sha256", secret).update("page-token\n").update(body).digest().subarray(0, SIGNATURE_BYTES);

const badToken = (): ProblemError =>
  new ProblemError(
    "invalid",
    "Invalid page token. Take the token of the page before, unchanged, or start at the first page.",
  );

/** A token for the rows after `after`. */
export function writePageToken(secret: Uint8Array, token: PageToken): string {
  const body = Buffer.from(JSON.stringify(token)).toString("base64url");
  return `${body}.${signature(secret, body).toString("base64url")}`;
}

/** Reads a token of the given list. Throws `invalid` for anything this server did not sign. */
export function readPageToken(secret: Uint8Array, list: string, text: string): PageToken {
  const dot = text.indexOf(".");
  if (text.length > MAX_TOKEN || dot < 1) throw badToken();
  const body = text.slice(0, dot);
  const given = Buffer.from(text.slice(dot + 1), "base64url");
  const wanted = signature(secret, body);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw badToken();
  const payload = Payload.safeParse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  if (!payload.success || payload.data.list !== list) throw badToken();
  return payload.data;
}

/** A short digest of what a list was asked for; a token made for one question is refused for another. */
export function queryDigest(query: JsonValue): string {
  return createHash("sha256").update(JSON.stringify(query)).digest("base64url").slice(0, 16);
}
