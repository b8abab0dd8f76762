/** What lists and pages of recurring runs offer as text. */

import { SNIPPETS } from "@/server/domain/snippets";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { CopyChoice } from "./copy-as-dialog";

const VERBS = {
  enable: { label: "Enable", snippets: SNIPPETS.enableRecurringRuns },
  disable: { label: "Disable", snippets: SNIPPETS.disableRecurringRuns },
  run: { label: "Run now", snippets: SNIPPETS.runRecurringRuns },
  delete: { label: "Delete", snippets: SNIPPETS.deleteRecurringRuns },
  restore: { label: "Restore after deleting", snippets: SNIPPETS.restoreRecurringRuns },
} as const;

/** One action with several recurring runs. */
export const recurringVerbChoice = (verb: keyof typeof VERBS, ids: readonly string[]): CopyChoice => ({
  label: VERBS[verb].label,
  snippets: (origin) => VERBS[verb].snippets(origin, { ids }),
});

/** Everything that the page of a recurring run can do now. */
export function recurringChoices(one: RecurringRunView): readonly CopyChoice[] {
  const ids = [one.id];
  const { pipeline, version, experiment, state, ...values } = one;
  const again: CopyChoice = {
    label: "Create the same",
    snippets: (origin) =>
      SNIPPETS.createRecurringRun(origin, {
        ...values,
        pipelineId: pipeline?.id ?? "",
        versionId: version?.id ?? null,
        experimentId: experiment.id,
        isEnabled: state !== "disabled",
      }),
  };
  return [
    ...(pipeline === null ? [] : [again]),
    recurringVerbChoice(state === "disabled" ? "enable" : "disable", ids),
    recurringVerbChoice("run", ids),
    recurringVerbChoice("delete", ids),
    recurringVerbChoice("restore", ids),
  ];
}
