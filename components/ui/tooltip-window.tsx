/** The drawn tooltip: beside its control, turned to the side where there is room, and it may be moved into. */
"use client";

import { Popper } from "radix-ui/internal";
import { useMemo } from "react";
import { createPortal } from "react-dom";
import { leaveTip, stayInTip, type Tip } from "./tooltip-store";

export function TooltipWindow({ tip }: { readonly tip: Tip }) {
  const anchor = useMemo(() => ({ current: tip.anchor }), [tip.anchor]);
  return createPortal(
    <Popper.Root>
      <Popper.Anchor virtualRef={anchor} />
      <Popper.Content
        data-over
        id={tip.id}
        role="tooltip"
        side={tip.side}
        sideOffset={6}
        collisionPadding={8}
        onPointerEnter={stayInTip}
        onPointerLeave={leaveTip}
        className="pointer-events-auto z-60 max-w-80 animate-appear rounded-md bg-ink px-2 py-1 text-xs text-surface shadow-float"
      >
        {tip.content}
      </Popper.Content>
    </Popper.Root>,
    document.body,
  );
}
