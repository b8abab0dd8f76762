/** A custom node that has not found its definition yet. */
import type { ForeignBody, Step } from "../graph";

export interface CustomStep extends Step {
  readonly body: ForeignBody & { readonly component: NonNullable<ForeignBody["component"]> };
}

export const isCustomStep = (step: Step): step is CustomStep =>
  step.body.body === "foreign" && step.body.component !== undefined;
