/** Lists runs a page at a time. */
import type { ListRunsInput } from "@/server/domain/inputs";
import type { PageView, RunSummary } from "@/server/domain/views";
import type { Context } from "../context";

export function listRuns(_context: Context, _input: ListRunsInput): PageView<RunSummary> {
  throw new Error("not filled yet");
}
