/** The list of a choice of many, with the field that searches it; it opens as it arrives. */
"use client";

import { Command } from "cmdk";
import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cn } from "./cn";
import type { ComboboxOption, ComboboxProps } from "./combobox-props";
import { Popover, PopoverContent, PopoverTrigger } from "./popover";
import { useMarked } from "./use-marked";

const entryValue = (option: ComboboxOption): string => `${option.label} ${option.value}`;

const NEW_ENTRY = "__new";

/** What was typed, where it can be made: nothing that is listed is called like that. */
function newName(
  onCreate: ComboboxProps["onCreate"],
  typed: string,
  options: readonly ComboboxOption[],
): string | null {
  const name = typed.trim();
  return onCreate === undefined || name === "" || options.some(({ label }) => label === name) ? null : name;
}

export function ComboboxList({
  value,
  options,
  onValueChange,
  onSearch,
  searchLabel,
  empty = "Nothing matches",
  clearLabel,
  onCreate,
  button,
}: ComboboxProps & { readonly button: ReactNode }) {
  const [open, setOpen] = useState(true);
  const [typed, setTyped] = useState("");
  const made = newName(onCreate, typed, options);
  const entries = [
    ...(clearLabel ? ["__none"] : []),
    ...options.map(entryValue),
    ...(made === null ? [] : [NEW_ENTRY]),
  ];
  const [marked, mark] = useMarked(entries);
  const close = () => {
    setOpen(false);
    setTyped("");
    onSearch?.("");
  };
  const choose = (next: string | null) => {
    onValueChange(next);
    close();
  };
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        if (next) setOpen(true);
        else close();
      }}
    >
      <PopoverTrigger asChild aria-expanded={open}>
        {button}
      </PopoverTrigger>
      <PopoverContent className="w-80 max-w-[calc(100vw-1rem)] overflow-hidden p-0">
        <Command
          label={searchLabel}
          shouldFilter={onSearch === undefined}
          {...(onSearch ? { value: marked, onValueChange: mark } : {})}
        >
          <Command.Input
            placeholder={searchLabel}
            {...(onSearch && {
              onValueChange: (text: string) => {
                setTyped(text);
                onSearch(text);
              },
            })}
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
            {made === null ? null : (
              <Entry
                value={NEW_ENTRY}
                isChosen={false}
                onSelect={() => {
                  onCreate?.(made);
                  close();
                }}
                aside="new"
              >
                Create “{made}”
              </Entry>
            )}
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
