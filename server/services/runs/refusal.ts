/** Why a run cannot be started, retried or gone on with, as a problem with its place. */
import type { Problem } from "@/pipelines/graph";

export const refusal = (place: string, rule: string, message: string): Problem => ({
  severity: "error",
  stage: "run",
  place,
  rule,
  message,
});
