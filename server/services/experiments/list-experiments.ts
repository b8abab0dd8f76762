/** Lists experiments. */
import type { ListExperimentsInput } from "@/server/domain/inputs";
import type { ExperimentView, PageView } from "@/server/domain/views";
import type { Context } from "../context";

export function listExperiments(_context: Context, _input: ListExperimentsInput): PageView<ExperimentView> {
  throw new Error("not filled yet");
}
