/** Asks the engine to end a run. */
import type { RunSummary } from "@/server/domain/views";
import type { Context } from "../context";

export async function cancelRun(_context: Context, _id: string): Promise<RunSummary> {
  throw new Error("not filled yet");
}
