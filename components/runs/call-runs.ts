/** The verbs that runs take from lists and pages, as calls to the API; each run for itself. */
import { type Outcome, oneByOne, type Target } from "@/components/actions/outcome";
import type { useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";

export type RunVerb = "archive" | "restore" | "terminate" | "stop hard" | "retry" | "delete" | "move to front";

type Client = ReturnType<typeof useTRPCClient>;

/** Does `verb` to each of the runs. */
export async function callRuns(
  client: Client,
  verb: RunVerb,
  targets: readonly Target[],
  onReached?: (count: number) => void,
): Promise<Outcome> {
  if (verb === "archive" || verb === "restore" || verb === "delete" || verb === "move to front") {
    const ids = targets.map(({ id }) => id);
    const { done, failed } =
      verb === "move to front"
        ? await client.runs.setPriority.mutate({ ids, priority: "front" })
        : await client.runs[verb].mutate({ ids });
    const byId = new Map(targets.map((target) => [target.id, target]));
    return {
      done: done.flatMap((id) => byId.get(id) ?? []),
      failed: failed.map(({ id, message }) => ({ id, message, name: byId.get(id)?.name ?? id })),
    };
  }
  const call = (id: string) =>
    verb === "retry" ? client.runs.retry.mutate({ id }) : client.runs.cancel.mutate({ id, hard: verb === "stop hard" });
  return oneByOne(targets, call, (error) => callProblem(error).message, onReached);
}
