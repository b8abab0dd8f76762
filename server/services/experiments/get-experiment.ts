/** Reads one experiment. */
import type { ExperimentView } from "@/server/domain/views";
import type { Context } from "../context";

export function getExperiment(_context: Context, _id: string): ExperimentView {
  throw new Error("not filled yet");
}
