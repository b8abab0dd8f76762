/** Accepts a new run. */
import type { StartRunInput } from "@/server/domain/inputs";
import type { RunSummary } from "@/server/domain/views";
import type { Context } from "../context";

export async function startRun(_context: Context, _input: StartRunInput): Promise<RunSummary> {
  throw new Error("not filled yet");
}
