/** Lists the versions of a pipeline. */
import type { ListVersionsInput } from "@/server/domain/inputs";
import type { PageView, VersionSummary } from "@/server/domain/views";
import type { Context } from "../context";

export function listVersions(_context: Context, _input: ListVersionsInput): PageView<VersionSummary> {
  throw new Error("not filled yet");
}
