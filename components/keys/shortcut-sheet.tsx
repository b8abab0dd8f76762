/** The sheet behind `?`: every key of the product in one place, and the switch for single letters. */
"use client";

import { useState } from "react";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { Switch } from "@/components/ui/switch";
import { useModKey } from "./mod-key";
import { hasSingleKeys, setSingleKeys } from "./use-keys";

const SHEET: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      ["mod K", "Search and go anywhere"],
      ["?", "This sheet"],
      ["g h", "Home"],
      ["g r", "Runs"],
      ["g p", "Pipelines"],
      ["g e", "Experiments"],
      ["g s", "Settings"],
      ["c", "Create a run"],
      ["u", "Upload a pipeline"],
      ["mod B", "Fold the sidebar"],
      ["F8", "Go to the messages"],
    ],
  },
  {
    title: "Lists",
    keys: [
      ["/", "Search this list"],
      ["j  k", "Next and previous row"],
      ["Enter", "Open the row"],
      ["x", "Select the row"],
      ["⇧ click", "Select a range"],
      ["Esc", "Clear the selection"],
    ],
  },
  { title: "Forms", keys: [["mod Enter", "Start the run"]] },
];

export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const mod = useModKey();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keyboard shortcuts" className="max-w-2xl">
        <div className="gap-x-10 pb-2 sm:columns-2">
          {SHEET.map((group) => (
            <section key={group.title} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-xs font-medium text-faint">{group.title}</h3>
              <dl>
                {group.keys.map(([keys, what]) => (
                  <div key={keys} className="flex items-center justify-between gap-4 py-1 text-sm">
                    <dt>{what}</dt>
                    <dd className="flex gap-1">
                      {keys.split(/ +/).map((key) => (
                        <Kbd key={key}>{key === "mod" ? mod : key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <SingleKeysSwitch />
      </DialogContent>
    </Dialog>
  );
}

function SingleKeysSwitch() {
  const [on, setOn] = useState(hasSingleKeys);
  return (
    <div className="mt-2 flex items-center gap-3 border-t pt-3 text-sm">
      <Switch
        id="single-keys"
        checked={on}
        onCheckedChange={(next) => {
          setOn(next);
          setSingleKeys(next);
        }}
      />
      <label htmlFor="single-keys">Single-letter keys</label>
      <span className="text-xs text-dim">Off, only combinations work.</span>
    </div>
  );
}
