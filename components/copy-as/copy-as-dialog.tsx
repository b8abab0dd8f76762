/** What can be done here, as text for a terminal or a notebook: one action is chosen, each language is a tab. */
"use client";

import { useId, useState } from "react";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Select } from "@/components/ui/select";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import type { Snippets } from "@/server/domain/snippets";
import { labelled } from "./labelled";
import { useOrigin } from "./use-origin";

export interface CopyChoice {
  /** What it does: "Archive". */
  readonly label: string;
  readonly snippets: (origin: string) => Snippets;
}

export interface CopyAsProps {
  /** Of what: "this run". */
  readonly of: string;
  readonly choices: readonly CopyChoice[];
}

export function CopyAsDialog({ of, choices, onClose }: CopyAsProps & { readonly onClose: () => void }) {
  const origin = useOrigin();
  const id = useId();
  const [chosen, setChosen] = useState(0);
  const choice = choices[chosen] ?? choices[0];
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        className="max-w-2xl"
        title={`Copy as curl, Python or command`}
        description={
          <>
            The same with {of} from elsewhere. All three read the token from <code>PENSTOCK_TOKEN</code>; on another
            machine the command also wants <code className="[overflow-wrap:anywhere]">PENSTOCK_URL={origin}</code>.
          </>
        }
      >
        {choices.length < 2 ? null : (
          <div className="mb-3 flex items-center gap-2 text-sm">
            <label htmlFor={id} className="text-dim">
              Action
            </label>
            <Select
              id={id}
              className="max-w-72"
              value={String(chosen)}
              options={choices.map(({ label }, at) => ({ value: String(at), label }))}
              onValueChange={(value) => setChosen(Number(value))}
            />
          </div>
        )}
        {choice ? <SnippetTabs snippets={labelled(choice.snippets(origin))} /> : null}
      </DialogContent>
    </Dialog>
  );
}
