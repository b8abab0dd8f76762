/** A small button that opens what can be done here as text; the dialog comes when it is first asked for. */
"use client";

import { SquareTerminal } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { CopyAsProps } from "./copy-as-dialog";

const loadDialog = () => import("./copy-as-dialog").then((module) => module.CopyAsDialog);

/** The dialog while it is open, and what opens it. */
export function useCopyAs(props: CopyAsProps) {
  const { part: Dialog, demand } = useOnDemand(loadDialog);
  const [isOpen, setOpen] = useState(false);
  return {
    open: () => demand(() => setOpen(true)),
    dialog: Dialog !== null && isOpen ? <Dialog {...props} onClose={() => setOpen(false)} /> : null,
  };
}

export function CopyAsButton({
  size = "md",
  isNamed = false,
  ...props
}: CopyAsProps & {
  readonly size?: "sm" | "md";
  /** Shows its words, where there is room for them. */
  readonly isNamed?: boolean;
}) {
  const { open, dialog } = useCopyAs(props);
  if (props.choices.length === 0) return null;
  return (
    <>
      {isNamed ? (
        <Button look="ghost" size={size} onClick={open}>
          <SquareTerminal />
          Copy as…
        </Button>
      ) : (
        <IconButton size={size} label="Copy as curl, Python or command" onClick={open}>
          <SquareTerminal />
        </IconButton>
      )}
      {dialog}
    </>
  );
}
