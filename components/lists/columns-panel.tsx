/** The columns of a list: which are shown, in which order, how many stay in place, and how dense the rows are. */
"use client";

import { ArrowDown, ArrowUp, GripVertical, Pin, Search } from "lucide-react";
import { useState } from "react";
import { DENSITIES, moved, PLAIN_LAYOUT, type TableLayout } from "@/components/data-table/table-layout";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

export interface ColumnChoice {
  readonly id: string;
  readonly label: string;
}

const MOST_SHOWN = 60;

export function ColumnsPanel({
  choices,
  usual,
  layout,
  onChange,
}: {
  /** Every column there is. */
  readonly choices: readonly ColumnChoice[];
  /** Those shown by themselves, in order. */
  readonly usual: readonly string[];
  readonly layout: TableLayout;
  readonly onChange: (layout: TableLayout) => void;
}) {
  const [search, setSearch] = useState("");
  const shown = layout.columns ?? usual;
  const labels = new Map(choices.map(({ id, label }) => [id, label]));
  const found = choices.filter(
    ({ id, label }) => !shown.includes(id) && `${label} ${id}`.toLowerCase().includes(search.toLowerCase()),
  );
  const set = (columns: readonly string[], pinned = layout.pinned) =>
    onChange({ ...layout, columns, pinned: Math.min(pinned, columns.length) });
  return (
    <div className="flex flex-col gap-3">
      <ol aria-label="Columns shown, in order" className="flex flex-col">
        {shown.map((id, index) => (
          <ShownColumn
            key={id}
            id={id}
            label={labels.get(id) ?? id}
            isPinned={index < layout.pinned}
            onHide={() => shown.length > 1 && set(shown.filter((each) => each !== id))}
            onMove={(by) => set(moved(shown, id, by))}
            onDrop={(dragged) => set(moved(shown, dragged, index - shown.indexOf(dragged)))}
            onPin={() => set(shown, index < layout.pinned ? index : index + 1)}
          />
        ))}
      </ol>
      <div className="relative">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
        <Input
          aria-label="Search columns"
          placeholder="Add a column"
          className="pl-8"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ul aria-label="Columns not shown" className="scroll-thin max-h-48 overflow-y-auto">
        {found.slice(0, MOST_SHOWN).map(({ id, label }) => (
          <li key={id} className="flex h-8 items-center gap-2 rounded-sm px-1 text-sm hover:bg-hover">
            <Checkbox aria-label={`Show ${label}`} checked={false} onCheckedChange={() => set([...shown, id])} />
            <span className="min-w-0 truncate">{label}</span>
          </li>
        ))}
        {found.length > MOST_SHOWN ? (
          <li className="px-2 text-xs text-dim">{`${found.length - MOST_SHOWN} more: search for them`}</li>
        ) : null}
      </ul>
      <div className="flex items-center gap-2 border-t pt-3">
        <Select
          aria-label="Density"
          className="w-32"
          value={layout.density}
          options={DENSITIES.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` }))}
          onValueChange={(value) =>
            onChange({ ...layout, density: DENSITIES.find((each) => each === value) ?? layout.density })
          }
        />
        <Button look="ghost" size="sm" className="ml-auto" onClick={() => onChange(PLAIN_LAYOUT)}>
          Usual columns
        </Button>
      </div>
    </div>
  );
}

function ShownColumn({
  id,
  label,
  isPinned,
  onHide,
  onMove,
  onDrop,
  onPin,
}: {
  readonly id: string;
  readonly label: string;
  readonly isPinned: boolean;
  readonly onHide: () => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onDrop: (dragged: string) => void;
  readonly onPin: () => void;
}) {
  const [isOver, setIsOver] = useState(false);
  return (
    <li
      draggable
      onDragStart={(event) => event.dataTransfer.setData("text/plain", id)}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        onDrop(event.dataTransfer.getData("text/plain"));
      }}
      className={cn("flex h-8 items-center gap-1 rounded-sm text-sm hover:bg-hover", isOver && "bg-selected")}
    >
      <GripVertical aria-hidden className="size-4 shrink-0 cursor-grab text-faint max-md:hidden" />
      <Checkbox aria-label={`Show ${label}`} checked onCheckedChange={onHide} />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      <IconButton size="sm" tipSide="left" label={`Move ${label} up`} onClick={() => onMove(-1)}>
        <ArrowUp />
      </IconButton>
      <IconButton size="sm" tipSide="left" label={`Move ${label} down`} onClick={() => onMove(1)}>
        <ArrowDown />
      </IconButton>
      <IconButton
        size="sm"
        label={isPinned ? `Unpin ${label}` : `Pin ${label} and what stands before it`}
        aria-pressed={isPinned}
        onClick={onPin}
      >
        <Pin className={isPinned ? "text-accent" : undefined} />
      </IconButton>
    </li>
  );
}
