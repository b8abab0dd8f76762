/** A list as a real table: sorting told to the caller, selection with ranges, rows walked by keyboard. */
"use client";

import {
  type ColumnDef,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { type MouseEvent, type ReactNode, useMemo, useRef } from "react";
import { useKeys } from "@/components/keys/use-keys";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { rangeOf } from "./range-of";
import { focusedRowId, focusRow } from "./row-focus";

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** For header and cells: width, alignment, from which width on it shows. */
  readonly className?: string;
  /** Name of the sort this column stands for; absent = it cannot sort. */
  readonly sort?: string;
  /** The header is for readers only: always, or where there is no room for it. */
  readonly headerHidden?: "always" | "on phones";
}

export interface Sorting {
  readonly by: string;
  readonly direction: "asc" | "desc";
}

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
}

interface DataTableProps<T> {
  /** What the table holds, for readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  /** What the row is called, for its checkbox. */
  readonly rowName: (row: T) => string;
  /** Where a click on the row leads; the name's link leads there too. */
  readonly rowHref: (row: T) => string;
  readonly sorting?: Sorting;
  readonly onSort?: (sorting: Sorting) => void;
  readonly selection?: Selection;
}

const features = tableFeatures({ rowSelectionFeature, rowSortingFeature });

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, columns, rows, rowId, rowHref, sorting, onSort, selection } = props;
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const lastToggled = useRef<string | null>(null);
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, T> => ({
          id: column.id,
          header: column.header,
          enableSorting: column.sort !== undefined,
          cell: (context) => column.cell(context.row.original),
        }),
      ),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const rowSelection = useMemo<RowSelectionState>(
    () => Object.fromEntries([...(selection?.selected ?? [])].map((id) => [id, true as const])),
    [selection?.selected],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    manualSorting: true,
    state: { rowSelection, sorting: sorting ? [{ id: sorting.by, desc: sorting.direction === "desc" }] : [] },
  });
  const ids = table.getRowModel().rows.map((row) => row.id);
  const chosen = ids.filter((id) => selection?.selected.has(id));

  const toggle = (id: string, withRange: boolean) => {
    if (!selection) return;
    const on = !selection.selected.has(id);
    const next = new Set(selection.selected);
    for (const each of withRange ? rangeOf(ids, lastToggled.current, id) : [id])
      on ? next.add(each) : next.delete(each);
    lastToggled.current = id;
    selection.onChange(next);
  };
  useKeys({
    j: () => focusRow(body.current, 1),
    k: () => focusRow(body.current, -1),
    x: (event) => {
      const id = focusedRowId(body.current);
      if (id !== null) toggle(id, event.shiftKey);
    },
  });
  const open = (event: MouseEvent, row: T) => {
    if ((event.target as Element).closest("a,button,input,label") || getSelection()?.toString()) return;
    router.push(rowHref(row));
  };
  const byId = new Map(columns.map((column) => [column.id, column]));
  const allState = chosen.length === 0 ? false : chosen.length === ids.length ? true : "indeterminate";

  return (
    <table aria-label={label} className="w-full table-fixed border-separate border-spacing-0 text-sm">
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {selection ? (
              <th className="sticky top-0 z-10 w-8 border-b bg-surface p-0 text-center max-md:hidden">
                <Checkbox
                  aria-label="Select all rows shown"
                  checked={allState}
                  onCheckedChange={() => selection.onChange(new Set(allState === true ? [] : ids))}
                />
              </th>
            ) : null}
            {group.headers.map((header) => {
              const column = byId.get(header.column.id);
              if (!column) return null;
              return <HeaderCell key={header.id} column={column} sorting={sorting} onSort={onSort} />;
            })}
          </tr>
        ))}
      </thead>
      <tbody ref={body}>
        {table.getRowModel().rows.map((row) => (
          <tr
            key={row.id}
            data-row={row.id}
            aria-selected={selection ? row.getIsSelected() : undefined}
            onClick={(event) => open(event, row.original)}
            className="group/row cursor-pointer hover:bg-hover focus-within:bg-hover aria-selected:bg-selected"
          >
            {selection ? (
              <td className="w-8 border-b p-0 pt-[5px] text-center align-top max-md:hidden">
                <Checkbox
                  aria-label={`Select ${props.rowName(row.original)}`}
                  checked={row.getIsSelected()}
                  onClick={(event) => toggle(row.id, event.shiftKey)}
                />
              </td>
            ) : null}
            {row.getAllCells().map((cell) => (
              <td
                key={cell.id}
                className={cn(
                  "h-8 overflow-hidden border-b px-2 py-1.5 align-top",
                  byId.get(cell.column.id)?.className,
                )}
              >
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function HeaderCell<T>({
  column,
  sorting,
  onSort,
}: {
  readonly column: Column<T>;
  readonly sorting: Sorting | undefined;
  readonly onSort: ((sorting: Sorting) => void) | undefined;
}) {
  const look = cn(
    "sticky top-0 z-10 h-8 border-b bg-surface px-2 text-left text-xs font-medium text-faint",
    column.className,
  );
  const { sort } = column;
  if (sort === undefined || !onSort) {
    return (
      <th scope="col" className={look}>
        <span className={column.headerHidden === "always" ? "sr-only" : column.headerHidden && "max-md:sr-only"}>
          {column.header}
        </span>
      </th>
    );
  }
  const direction = sorting?.by === sort ? sorting.direction : null;
  const Arrow = direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={direction === null ? "none" : direction === "asc" ? "ascending" : "descending"}
      className={look}
    >
      <button
        type="button"
        onClick={() => onSort({ by: sort, direction: direction === "desc" ? "asc" : "desc" })}
        className="group/sort -mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-ink"
      >
        {column.header}
        <Arrow aria-hidden className={cn("size-3", direction === null && "opacity-0 group-hover/sort:opacity-60")} />
      </button>
    </th>
  );
}
