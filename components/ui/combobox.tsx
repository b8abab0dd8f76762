/** A choice of many: a button; the list one can type into comes with the first press. */
"use client";

import { ChevronDown } from "lucide-react";
import { cn } from "./cn";
import type { ComboboxProps } from "./combobox-props";
import { controlClass } from "./input";
import { useOnDemand } from "./use-on-demand";

const loadList = () => import("./combobox-list");

export function Combobox(props: ComboboxProps) {
  const { value, text, placeholder, className } = props;
  const { part, demand } = useOnDemand(loadList);
  const look = {
    id: props.id,
    "aria-label": props["aria-label"],
    "aria-describedby": props["aria-describedby"],
    "aria-invalid": props["aria-invalid"],
    "aria-required": props["aria-required"],
    type: "button",
    role: "combobox",
    className: controlClass(cn("inline-flex h-8 items-center gap-2 text-left", className)),
    children: (
      <>
        <span className={cn("min-w-0 flex-1 truncate", value === null && "text-dim")}>{text ?? placeholder}</span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-faint" />
      </>
    ),
  } as const;
  if (part) return <part.ComboboxList {...props} button={<button {...look} />} />;
  return (
    <button
      {...look}
      aria-haspopup="dialog"
      aria-expanded={false}
      onPointerEnter={() => void loadList().catch(() => {})}
      onClick={() => demand()}
    />
  );
}
