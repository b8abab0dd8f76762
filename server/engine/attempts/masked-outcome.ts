/** Takes the values of secrets out of what is told of an attempt; its outputs stay as the step wrote them. */
import type { Reason } from "@/server/domain/reason";
import { masked, maskedIn } from "@/server/platform/mask-deep";
import type { Masker } from "@/server/platform/masking";
import { type Outcome, StartRefusal } from "./contract";

const maskedReason = (masker: Masker, reason: Reason): Reason => maskedIn(masker, reason, "message", "subject");

/** The outcome with its reason and its remarks masked. */
export function maskedOutcome(masker: Masker, outcome: Outcome): Outcome {
  if (masker.reach === 0) return outcome;
  const { collected } = outcome;
  const told = collected && { collected: { ...collected, warnings: masked(masker, collected.warnings) } };
  return outcome.state === "failed"
    ? { ...outcome, ...told, reason: maskedReason(masker, outcome.reason) }
    : { ...outcome, ...told };
}

/** The refusal with its reason masked. */
export const maskedRefusal = (masker: Masker, refusal: StartRefusal): StartRefusal =>
  masker.reach === 0 ? refusal : new StartRefusal(maskedReason(masker, refusal.reason));
