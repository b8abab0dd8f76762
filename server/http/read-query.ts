/** Reads the query of an address as the input of a service. */
import type { z } from "zod";
import { ProblemError } from "@/server/domain/problem-error";

/** Reads the query of an address, in which the names in `lists` may stand more than once and those in `flags` are true or false. Throws `invalid`. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: URLSearchParams,
  { lists, flags }: { readonly lists: readonly string[]; readonly flags: readonly string[] },
): z.infer<Schema> {
  const given: { [name: string]: unknown } = {};
  for (const [name, value] of query) {
    if (lists.includes(name)) given[name] = [...((given[name] as string[]) ?? []), value];
    else given[name] = flags.includes(name) ? value === "true" : value;
  }
  const input = schema.safeParse(given);
  if (input.success) return input.data;
  const issue = input.error.issues[0];
  throw new ProblemError("invalid", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "The query is not valid."}`);
}
