/** Renames a run. */
import type { RenameRunInput } from "@/server/domain/inputs";
import type { RunSummary } from "@/server/domain/views";
import type { Context } from "../context";

export async function renameRun(_context: Context, _input: RenameRunInput): Promise<RunSummary> {
  throw new Error("not filled yet");
}
