/** Archives and restores an experiment. */
import type { ExperimentView } from "@/server/domain/views";
import type { Context } from "../context";

export async function archiveExperiment(_context: Context, _id: string): Promise<ExperimentView> {
  throw new Error("not filled yet");
}
export async function restoreExperiment(_context: Context, _id: string): Promise<ExperimentView> {
  throw new Error("not filled yet");
}
