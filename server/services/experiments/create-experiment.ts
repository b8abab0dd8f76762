/** Makes an experiment. */
import type { CreateExperimentInput } from "@/server/domain/inputs";
import type { ExperimentView } from "@/server/domain/views";
import type { Context } from "../context";

export async function createExperiment(_context: Context, _input: CreateExperimentInput): Promise<ExperimentView> {
  throw new Error("not filled yet");
}
