/** The bar over a selection: what can be done with these runs or with all that match, and what cannot and why. */
"use client";

import { Archive, ArchiveRestore, ArrowUpToLine, CircleStop, Columns2, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { runsChoice } from "@/components/copy-as/choices";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import { formatTotal } from "@/components/data-table/paging";
import { SelectionBar } from "@/components/lists/selection-bar";
import { Button, ButtonLink } from "@/components/ui/button";
import type { RunSummary } from "@/server/domain/views/runs";
import { useRunActions } from "../use-run-actions";
import { BulkDialog, type BulkTarget } from "./bulk-dialog";
import { BULK_WORDS, type BulkAction, comparable, countRuns, planBulk } from "./bulk-plan";
import type { RunChoice } from "./run-filters";

const BUTTONS = [
  { action: "retry", label: "Retry", icon: RotateCcw },
  { action: "archive", label: "Archive", icon: Archive },
  { action: "restore", label: "Restore", icon: ArchiveRestore },
  { action: "move to front", label: "To the front", icon: ArrowUpToLine },
  { action: "terminate", label: "Terminate", icon: CircleStop },
  { action: "delete", label: "Delete", icon: Trash2 },
] as const satisfies readonly { readonly action: BulkAction; readonly label: string; readonly icon: unknown }[];

/** More runs than this are worked through in a window that shows how far it is. */
const AT_ONCE = 50;

interface BulkBarProps {
  readonly runs: readonly RunSummary[];
  /** Every row of the list that is in view is selected. */
  readonly isAllShown: boolean;
  /** How many runs match in all. */
  readonly total: number;
  readonly choice: RunChoice;
  readonly onClear: () => void;
}

export function BulkBar({ runs, isAllShown, total, choice, onClear }: BulkBarProps) {
  const actions = useRunActions();
  const [isEverything, setIsEverything] = useState(false);
  const [asking, setAsking] = useState<{ readonly action: BulkAction; readonly target: BulkTarget } | null>(null);
  if (runs.length === 0 && asking === null) return null;
  const isAll = isEverything && isAllShown && total > runs.length;
  const press = (action: BulkAction) => {
    const { targets } = planBulk(action, runs);
    if (isAll) setAsking({ action, target: { choice } });
    else if (BULK_WORDS[action].asks || targets.length > AT_ONCE) setAsking({ action, target: { runs: targets } });
    else {
      void actions.run(action, targets);
      onClear();
    }
  };
  const offered = BUTTONS.filter(({ action }) => action !== (choice.archived ? "archive" : "restore"));
  const toCompare = comparable(runs.map((run) => run.id));
  return (
    <>
      <SelectionBar
        status={
          actions.progress ?? (isAll ? `All ${formatTotal(total)} runs selected` : `${countRuns(runs.length)} selected`)
        }
        isBusy={actions.isBusy}
        onClear={onClear}
        before={
          <>
            {isAllShown && total > runs.length && !isAll ? (
              <Button look="ghost" size="sm" onClick={() => setIsEverything(true)}>
                Select all {formatTotal(total)}
              </Button>
            ) : null}
            {isAll || toCompare.reason !== null ? (
              <Button look="ghost" size="sm" reason={isAll ? "Choose 2 to 10 runs" : toCompare.reason}>
                <Columns2 />
                Compare
              </Button>
            ) : (
              <ButtonLink look="ghost" size="sm" href={toCompare.href}>
                <Columns2 />
                Compare
              </ButtonLink>
            )}
          </>
        }
        actions={offered.map(({ action, label, icon: Icon }) => ({
          label,
          icon: <Icon />,
          reason: isAll ? null : planBulk(action, runs).reason,
          run: () => press(action),
        }))}
        after={
          <CopyAsButton
            size="sm"
            of={runs.length === 1 ? "this run" : "these runs"}
            choices={offered.flatMap(({ action }) => {
              const { targets, reason } = planBulk(action, runs);
              return reason === null
                ? [
                    runsChoice(
                      action,
                      targets.map(({ id }) => id),
                    ),
                  ]
                : [];
            })}
          />
        }
      />
      {asking ? (
        <BulkDialog
          {...asking}
          onClose={(didStart) => {
            setAsking(null);
            if (didStart) onClear();
          }}
        />
      ) : null}
    </>
  );
}
