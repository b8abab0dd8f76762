/** Why moments were skipped, in words. */
import type { SkipReason } from "@/server/domain/recurrence/words";

export const SKIP_WORDS: { readonly [reason in SkipReason]: string } = {
  overlap: "earlier runs still went on",
  "catch-up": "missed, and not to be made up for",
  disabled: "it was disabled",
  edited: "its schedule was changed",
  deleted: "it was deleted",
  version: "its version did not run any more",
};
