/** A choice of many: a button that opens a list one can type into. */
"use client";

import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cn } from "./cn";
import type { FieldControl } from "./field";
import { controlClass } from "./input";
import { Popover, PopoverContent, PopoverTrigger } from "./popover";
import { useMarked } from "./use-marked";

export interface ComboboxOption {
  readonly value: string;
  readonly label: string;
  readonly aside?: ReactNode;
}

const entryValue = (option: ComboboxOption): string => `${option.label} ${option.value}`;

export function Combobox({
  value,
  text,
  options,
  onValueChange,
  onSearch,
  placeholder,
  searchLabel,
  empty = "Nothing matches",
  clearLabel,
  className,
  ...control
}: Partial<FieldControl> & {
  readonly "aria-label"?: string;
  readonly value: string | null;
  /** What the button shows for the value. */
  readonly text: string | null;
  readonly options: readonly ComboboxOption[];
  readonly onValueChange: (value: string | null) => void;
  /** The caller searches; without it the options are filtered here. */
  readonly onSearch?: (text: string) => void;
  readonly placeholder: string;
  readonly searchLabel: string;
  readonly empty?: string;
  /** Offers a first entry that takes the choice back. */
  readonly clearLabel?: string;
  readonly className?: string;
}) {
  const [open, setOpen] = useState(false);
  const entries = [...(clearLabel ? ["__none"] : []), ...options.map(entryValue)];
  const [marked, mark] = useMarked(entries);
  const choose = (next: string | null) => {
    onValueChange(next);
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) onSearch?.("");
      }}
    >
      <PopoverTrigger
        {...control}
        role="combobox"
        aria-expanded={open}
        className={controlClass(cn("inline-flex h-8 items-center gap-2 text-left", className))}
      >
        <span className={cn("min-w-0 flex-1 truncate", value === null && "text-dim")}>{text ?? placeholder}</span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-faint" />
      </PopoverTrigger>
      <PopoverContent className="w-80 max-w-[calc(100vw-1rem)] overflow-hidden p-0">
        <Command
          label={searchLabel}
          shouldFilter={onSearch === undefined}
          {...(onSearch ? { value: marked, onValueChange: mark } : {})}
        >
          <Command.Input
            placeholder={searchLabel}
            {...(onSearch ? { onValueChange: onSearch } : {})}
            className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none"
          />
          <Command.List className="scroll-thin max-h-72 overflow-y-auto p-1">
            <Command.Empty className="px-3 py-6 text-center text-sm text-dim">{empty}</Command.Empty>
            {clearLabel ? (
              <Entry value="__none" isChosen={value === null} onSelect={() => choose(null)}>
                {clearLabel}
              </Entry>
            ) : null}
            {options.map((option) => (
              <Entry
                key={option.value}
                value={entryValue(option)}
                isChosen={option.value === value}
                onSelect={() => choose(option.value)}
                aside={option.aside}
              >
                {option.label}
              </Entry>
            ))}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  );
}

function Entry({
  value,
  isChosen,
  onSelect,
  aside,
  children,
}: {
  readonly value: string;
  readonly isChosen: boolean;
  readonly onSelect: () => void;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm data-[selected=true]:bg-hover"
    >
      <Check aria-hidden className={cn("size-4 shrink-0 text-accent", !isChosen && "invisible")} />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside ? <span className="shrink-0 text-xs text-faint">{aside}</span> : null}
    </Command.Item>
  );
}
