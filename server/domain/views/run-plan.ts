/** What a start, a retry or a re-run would do, as it is told before it is done. */
import type { Problem, StepKind } from "@/pipelines/graph";

/** What a start, a retry or a re-run would do with each step, before it is done. */
export interface StepPlanView {
  readonly step: string;
  readonly name: string;
  readonly kind: StepKind;
  /** `unknown`: depends on a result that is not there yet. */
  readonly does: "run" | "reuse" | "keep" | "leave-out" | "unknown";
  readonly why: string;
  /** Where a reused result comes from. */
  readonly source: { readonly runId: string; readonly runName: string; readonly task: number } | null;
}

export interface RunPlanView {
  readonly steps: readonly StepPlanView[];
  /** Why it cannot be done at all. */
  readonly refusals: readonly Problem[];
}
