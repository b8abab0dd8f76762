/** The verbs that runs take from lists and pages, as calls to the API; each run for itself. */
import type { useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import type { Outcome } from "./list/bulk-run";

export type RunVerb = "archive" | "restore" | "terminate" | "stop hard" | "retry" | "delete";

type Client = ReturnType<typeof useTRPCClient>;

async function each(ids: readonly string[], call: (id: string) => Promise<unknown>): Promise<Outcome> {
  const outcome = { done: [] as string[], failed: [] as { id: string; message: string }[] };
  for (const id of ids) {
    try {
      await call(id);
      outcome.done.push(id);
    } catch (error) {
      outcome.failed.push({ id, message: callProblem(error).message });
    }
  }
  return outcome;
}

/** Does `verb` to each of the runs. */
export function callRuns(client: Client, verb: RunVerb, ids: readonly string[]): Promise<Outcome> {
  const input = { ids: [...ids] };
  if (verb === "archive") return client.runs.archive.mutate(input);
  if (verb === "restore") return client.runs.restore.mutate(input);
  if (verb === "delete") return client.runs.delete.mutate(input);
  if (verb === "retry") return each(ids, (id) => client.runs.retry.mutate({ id }));
  return each(ids, (id) => client.runs.cancel.mutate({ id, hard: verb === "stop hard" }));
}
