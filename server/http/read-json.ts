/** Reads a small JSON body. */
import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { ProblemError } from "@/server/domain/problem-error";

/** The body as `schema` has it, `{}` for none. Throws `invalid` for anything else; the gate has set the limit. */
export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return schema.parse(text === "" ? {} : JSON.parse(text));
  } catch {
    throw new ProblemError("invalid", "The body is not the JSON that is expected here.");
  }
}
