/** Gathers the problems of one document: all at once, without doubles, within a bound. */
import type { Problem, ProblemStage, Severity, StepPath } from "../graph";

/** A hostile document could hold a million faults; nobody reads more than these. */
const MOST_PROBLEMS = 500;

export interface ProblemList {
  readonly error: (stage: ProblemStage, rule: string, place: string, message: string, step?: StepPath) => void;
  readonly warning: (rule: string, place: string, message: string, step?: StepPath) => void;
  readonly hint: (rule: string, place: string, message: string, step?: StepPath) => void;
  /** Whether something was found that refuses the file. */
  readonly refuses: () => boolean;
  readonly all: () => readonly Problem[];
}

export function problemList(): ProblemList {
  const found = new Map<string, Problem>();
  let refused = false;
  let left = 0;

  function add(severity: Severity, stage: ProblemStage, rule: string, place: string, message: string, step?: StepPath) {
    refused ||= severity === "error" && stage === "upload";
    const key = JSON.stringify([severity, stage, rule, place, message]);
    if (found.has(key)) return;
    if (found.size >= MOST_PROBLEMS) {
      left += 1;
      return;
    }
    found.set(key, { severity, stage, place, rule, message, ...(step === undefined ? {} : { step }) });
  }

  return {
    error: (stage, rule, place, message, step) => add("error", stage, rule, place, message, step),
    warning: (rule, place, message, step) => add("warning", "run", rule, place, message, step),
    hint: (rule, place, message, step) => add("hint", "run", rule, place, message, step),
    refuses: () => refused,
    all: () => {
      const problems = [...found.values()];
      if (left === 0) return problems;
      const more = `${left} further problems are not listed. Mend these first, then upload the file again.`;
      return [
        ...problems,
        {
          severity: refused ? "error" : "warning",
          stage: "upload",
          place: "document",
          rule: "more-problems",
          message: more,
        },
      ];
    },
  };
}
