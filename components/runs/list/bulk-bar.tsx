/** The bar over a selection: what can be done with these runs, and what cannot and why. */
"use client";

import { Archive, ArchiveRestore, CircleStop, Trash2, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import type { RunSummary } from "@/server/domain/views";
import { useRunActions } from "../use-run-actions";
import { type BulkAction, countRuns, planBulk } from "./bulk-plan";

const BUTTONS = [
  { action: "archive", label: "Archive", icon: Archive },
  { action: "restore", label: "Restore", icon: ArchiveRestore },
  { action: "terminate", label: "Terminate", icon: CircleStop },
  { action: "delete", label: "Delete", icon: Trash2 },
] as const satisfies readonly { readonly action: BulkAction; readonly label: string; readonly icon: unknown }[];

/** Actions that cannot be taken back ask first, with the number. */
const ASKS: {
  readonly [action in BulkAction]?: { readonly verb: string; readonly after: string; readonly note: string };
} = {
  terminate: {
    verb: "Terminate",
    after: "",
    note: "Their running steps are stopped; what has been written so far is kept.",
  },
  delete: { verb: "Delete", after: " for ever", note: "Their logs and outputs go too. This cannot be undone." },
};

export function BulkBar({
  runs,
  archived,
  onClear,
}: {
  readonly runs: readonly RunSummary[];
  readonly archived: boolean;
  readonly onClear: () => void;
}) {
  const actions = useRunActions();
  const [asking, setAsking] = useState<BulkAction | null>(null);
  const perform = (action: BulkAction) => {
    actions.run(action, planBulk(action, runs).ids);
    setAsking(null);
    onClear();
  };
  if (runs.length === 0) return null;
  const ask = asking === null ? undefined : ASKS[asking];
  return (
    <div className="sticky bottom-3 z-20 mx-auto flex w-fit max-w-full animate-appear flex-wrap items-center gap-1 rounded-lg border border-line-strong bg-raised px-2 py-1.5 shadow-float">
      <span role="status" className="px-2 text-sm font-medium">
        {countRuns(runs.length)} selected
      </span>
      {BUTTONS.filter(({ action }) => action !== (archived ? "archive" : "restore")).map(
        ({ action, label, icon: Icon }) => (
          <Button
            key={action}
            look="ghost"
            size="sm"
            busy={actions.isBusy}
            reason={planBulk(action, runs).reason}
            onClick={() => (ASKS[action] ? setAsking(action) : perform(action))}
          >
            <Icon />
            {label}
          </Button>
        ),
      )}
      <IconButton size="sm" label="Clear the selection" onClick={onClear}>
        <X />
      </IconButton>
      <Dialog open={ask !== undefined} onOpenChange={(open) => !open && setAsking(null)}>
        {ask && asking ? (
          <DialogContent
            title={`${ask.verb} ${countRuns(planBulk(asking, runs).ids.length)}${ask.after}?`}
            description={ask.note}
            footer={
              <>
                <DialogClose asChild>
                  <Button>Keep them</Button>
                </DialogClose>
                <Button look="danger" onClick={() => perform(asking)}>
                  {ask.verb} {countRuns(planBulk(asking, runs).ids.length)}
                </Button>
              </>
            }
          />
        ) : null}
      </Dialog>
    </div>
  );
}
