/** Says which steps of a run go into containers: those that come with an image, under a profile that runs containers or pods. */
import { isClaimStep } from "@/pipelines/kfp/support";
import type { AttemptRequest } from "../../contract";

/** Importers and claims are work of the engine's own, whatever the profile. */
export function runsInContainer({ run, step }: Pick<AttemptRequest, "run" | "step">): boolean {
  if (run.profile.executor === "process") return false;
  const { body } = step;
  return body.body === "file" || (body.body === "container" && !isClaimStep(body.image));
}
