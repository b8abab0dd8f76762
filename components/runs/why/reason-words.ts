/** The one table of what a state or a reason means to its reader: what it is in a few words, and what comes of it. */
import type { ReasonCode } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";

export interface WhyWords {
  /** What it is, without a full stop. */
  readonly head: string;
  /** What comes of it by itself, or what the reader can do; null where the reason's own message says so. */
  readonly then: string | null;
}

const words = (head: string, then: string | null = null): WhyWords => ({ head, then });

const UPSTREAM = "Retry the run once that is mended: this step is then tried too.";
const MEND = "Mend the step or its inputs, then retry the run: what succeeded is kept.";
const AGAIN = "Retry the run: what succeeded is kept.";

export const REASON_WORDS: { readonly [code in ReasonCode]: WhyWords } = {
  "waiting-for-slot": words(
    "It waits for a step slot",
    "It starts by itself: higher priority first, then the experiments in turn, in each the longest wait.",
  ),
  "waiting-for-disk": words("It waits for space on the disk", "Empty the trash, or make room elsewhere."),
  "waiting-for-retry": words("It failed and will be tried again"),
  "waiting-for-twin": words("It waits for its twin", "If the twin fails, this step runs itself."),
  overlap: words("It waits for an earlier run of its recurring run", "Its number of runs at once is a setting there."),
  "condition-false": words("Its condition is false", "Steps that need its result do not run either; nothing failed."),
  "condition-error": words("Its condition has no answer", "Mend the condition, or what gives its values."),
  "cache-hit": words("An earlier result was reused", "Start a run that ignores the cache to have it computed anew."),
  "taken-over": words("Its result came along", "It was not run here: this run continues another one."),
  "upstream-failed": words("A step before it failed", UPSTREAM),
  "upstream-skipped": words("A step before it did not run", "It needs a result that was never made; nothing failed."),
  "upstream-canceled": words("A step before it was canceled", UPSTREAM),
  "step-failed": words("A step in it failed", "The first that failed is the one to look at."),
  "exit-code": words("Its command failed", MEND),
  signal: words("Its command was killed", "If nobody killed it, look at the memory of the machine."),
  timeout: words("It took too long", "Give it more time in the pipeline, or less to do."),
  "cannot-start": words("It could not be started", AGAIN),
  "command-not-found": words("Its command is not there", "Install it for the profile, or choose another profile."),
  "missing-file": words("A file is missing", "Add it to the version, or have the step before leave it."),
  "missing-input": words("An input has no value", MEND),
  "bad-input": words("An input cannot be used", MEND),
  "needs-container": words("It needs a container", "Choose a profile that runs containers."),
  "image-missing": words("Its image could not be had", "Check its name and the registry, then retry the run."),
  "engine-gone": words("The container engine does not answer", "Start it, then retry the run."),
  "bad-interpreter": words("Its Python cannot be used", "Name another one in the profile, then retry the run."),
  "environment-failed": words("Its packages could not be installed", MEND),
  "bad-output": words("What it left cannot be used", MEND),
  "too-large": words("What it left is too large", "Have it leave less, or raise the limit in the settings."),
  "out-of-memory": words("It needed more memory than it may have", "Give it more in the pipeline, or less to do."),
  "disk-full": words("The disk was full", "Empty the trash, or make room elsewhere, then retry the run."),
  lost: words("Its process vanished", AGAIN),
  reboot: words("The machine was restarted under it", AGAIN),
  "canceled-by-user": words("Somebody ended it", AGAIN),
  "run-canceled": words("Its run was ended", AGAIN),
  "stopped-on-failure": words("The run stops at its first failure", "Mend that step, then retry the run."),
  unsupported: words("It cannot run here", "The problems of the version say where."),
  internal: words("Penstock itself failed", "The log of the engine tells more; a retry goes on where it stopped."),
};

/** What a step is in that has no task, or whose state stands without a reason; null for states that explain themselves. */
export type Standing = TaskState | "not-reached" | "left-out" | "ended-without";

export const STANDING_WORDS: { readonly [standing in Standing]: WhyWords | null } = {
  pending: words("It waits for what comes before it", "It goes on by itself once all of these have ended."),
  queued: words("It waits for its turn", "It starts by itself."),
  running: null,
  canceling: words("It is being ended", "It has a moment to end by itself and is killed after that."),
  succeeded: null,
  cached: words("An earlier result was reused"),
  skipped: words("It was skipped", "Nothing failed."),
  omitted: words("It did not run", "Something before it failed or was skipped."),
  failed: words("It failed", "Its log tells more."),
  canceled: words("It was canceled", AGAIN),
  "not-reached": words("The run has not come here yet", "It goes on by itself once what comes before it has ended."),
  "left-out": words("It is no part of this run", "The run was started for a part of the pipeline."),
  "ended-without": words("The run ended without it", "The run ended before this step was reached."),
};
