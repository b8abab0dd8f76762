/** The bar over selected recurring runs: what can be done with them, and what cannot and why. */
"use client";

import { CalendarCheck2, CalendarOff, Play, Trash2 } from "lucide-react";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import { recurringVerbChoice } from "@/components/copy-as/recurring-choices";
import { SelectionBar } from "@/components/lists/selection-bar";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { type RecurringVerb, useRecurringActions } from "../use-recurring-actions";

const BUTTONS = [
  { verb: "enable", label: "Enable", icon: CalendarCheck2 },
  { verb: "disable", label: "Disable", icon: CalendarOff },
  { verb: "run", label: "Run now", icon: Play },
  { verb: "delete", label: "Delete", icon: Trash2 },
] as const satisfies readonly { readonly verb: RecurringVerb; readonly label: string; readonly icon: unknown }[];

type BulkVerb = (typeof BUTTONS)[number]["verb"];

/** Those that an action changes, and why it changes none. */
function planned(
  verb: BulkVerb,
  chosen: readonly RecurringRunView[],
): { readonly targets: readonly RecurringRunView[]; readonly reason: string | null } {
  if (verb === "run" || verb === "delete") return { targets: chosen, reason: null };
  const isOff = verb === "enable";
  const targets = chosen.filter(({ state }) => (state === "disabled") === isOff);
  return { targets, reason: targets.length > 0 ? null : isOff ? "None of them is disabled" : "All are disabled" };
}

export function RecurringBulkBar({
  chosen,
  onClear,
}: {
  readonly chosen: readonly RecurringRunView[];
  readonly onClear: () => void;
}) {
  const actions = useRecurringActions();
  if (chosen.length === 0) return null;
  return (
    <SelectionBar
      status={actions.progress ?? `${chosen.length} selected`}
      isBusy={actions.isBusy}
      onClear={onClear}
      actions={BUTTONS.map(({ verb, label, icon: Icon }) => {
        const { targets, reason } = planned(verb, chosen);
        return {
          label,
          icon: <Icon />,
          reason,
          run: () => void actions.run(verb, targets).then(() => (verb === "delete" ? onClear() : undefined)),
        };
      })}
      after={
        <CopyAsButton
          size="sm"
          of={chosen.length === 1 ? "this recurring run" : "these recurring runs"}
          choices={BUTTONS.flatMap(({ verb }) => {
            const { targets, reason } = planned(verb, chosen);
            const ids = targets.map(({ id }) => id);
            return reason === null ? [recurringVerbChoice(verb, ids)] : [];
          })}
        />
      }
    />
  );
}
