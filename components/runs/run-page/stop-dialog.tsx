/** Before a run is ended: with its exit tasks, or without. */
"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import type { RunView } from "@/server/domain/views/runs";

type Way = "soft" | "hard";

const WAYS: readonly { readonly way: Way; readonly label: string; readonly hint: string }[] = [
  {
    way: "soft",
    label: "Terminate",
    hint: "Running steps get a signal to stop and are killed after the profile's grace time. Exit tasks still run once.",
  },
  { way: "hard", label: "Stop hard", hint: "The same, and exit tasks do not run either." },
];

export function StopDialog({
  run,
  onStop,
  onClose,
}: {
  readonly run: Pick<RunView, "name" | "state">;
  readonly onStop: (hard: boolean) => void;
  readonly onClose: () => void;
}) {
  const isEnding = run.state === "canceling";
  const [way, setWay] = useState<Way>(isEnding ? "hard" : "soft");
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={isEnding ? `Stop ${run.name} hard` : `Terminate ${run.name}`}
        description={
          isEnding
            ? "It is ending already and its exit tasks may be running. They are stopped too."
            : "Steps that have not begun will not run. What is done stays."
        }
        footer={
          <>
            <Button onClick={onClose}>Keep it</Button>
            <Button
              look="danger"
              onClick={() => {
                onStop(way === "hard");
                onClose();
              }}
            >
              {way === "hard" ? "Stop run hard" : "Terminate run"}
            </Button>
          </>
        }
      >
        {isEnding ? null : (
          <fieldset className="flex flex-col gap-2">
            <legend className="sr-only">How</legend>
            {WAYS.map(({ way: each, label, hint }) => (
              <label key={each} className="flex items-start gap-2 text-sm">
                <input
                  type="radio"
                  name="way"
                  checked={way === each}
                  onChange={() => setWay(each)}
                  className="mt-1 accent-(--accent)"
                />
                <span>
                  <span className="font-medium">{label}</span>
                  <span className="block text-xs text-dim">{hint}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
      </DialogContent>
    </Dialog>
  );
}
