/** The windows of a list: its columns and its saved views, fetched together. */
"use client";

import type { ComponentProps, ReactNode } from "react";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ColumnsPanel } from "./columns-panel";
import { ViewsPanel } from "./views-panel";

interface Closing {
  readonly onClose: () => void;
}

function PanelWindow({ title, onClose, children }: Closing & { readonly title: string; readonly children: ReactNode }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={title} className="max-w-md">
        {children}
      </DialogContent>
    </Dialog>
  );
}

export function ColumnsWindow({ onClose, ...rest }: Closing & ComponentProps<typeof ColumnsPanel>) {
  return (
    <PanelWindow title="Columns" onClose={onClose}>
      <ColumnsPanel {...rest} />
    </PanelWindow>
  );
}

export function ViewsWindow({ onClose, ...rest }: Closing & ComponentProps<typeof ViewsPanel>) {
  return (
    <PanelWindow title="Saved views" onClose={onClose}>
      <ViewsPanel {...rest} />
    </PanelWindow>
  );
}
