/** Words for what a run is refused for, and for what it does without. */
import type { Problem, Step } from "../graph";

/** A step that cannot be run; `why` is a whole sentence, `remedy` another that says what to do. */
export function refusedStep(rule: string, step: Step, why: string, remedy: string): Problem {
  return {
    severity: "error",
    stage: "run",
    place: step.path,
    rule,
    message: `The step "${step.name}" cannot be run: ${why}. ${remedy}`,
    step: step.path,
  };
}

/** A setting that the steps ask for and nothing here acts on. */
export function leftOut(rule: string, what: string, steps: readonly Step[]): Problem {
  const unique = [...new Set(steps)];
  const [first] = unique;
  const one = unique.length === 1 ? first : undefined;
  const names = unique
    .slice(0, 5)
    .map((step) => step.name)
    .join(", ");
  const more = unique.length > 5 ? ` and ${unique.length - 5} more` : "";
  const where = unique.length === 0 ? "" : ` Asked for by ${names}${more}.`;
  return {
    severity: "warning",
    stage: "run",
    place: one === undefined ? "run" : one.path,
    rule,
    message: `Not applied here: ${what}.${where}`,
    ...(one === undefined ? {} : { step: one.path }),
  };
}
