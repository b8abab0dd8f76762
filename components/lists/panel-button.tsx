/** A button that opens a window of the list's own; the window is fetched when it is first asked for. */
"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";

export function PanelButton({
  label,
  icon,
  isMarked = false,
  className,
  onDemand,
  children,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  /** Something in it differs from what was kept. */
  readonly isMarked?: boolean;
  readonly className?: string;
  /** Fetches the window. */
  readonly onDemand: () => void;
  /** The window, given how to close it; null until it came. */
  readonly children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        className={cn(className)}
        aria-haspopup="dialog"
        onClick={() => {
          onDemand();
          setIsOpen(true);
        }}
      >
        {icon}
        <span className="max-w-32 truncate max-md:sr-only">{label}</span>
        {isMarked ? (
          <span className="text-accent" role="img" aria-label="changed">
            ●
          </span>
        ) : null}
      </Button>
      {isOpen ? children(() => setIsOpen(false)) : null}
    </>
  );
}
