/** A list as a real table: columns shown, ordered, pinned and sized as asked, sorting told to the caller, rows walked by keyboard. */
"use client";

import { type ColumnDef, tableFeatures, useTable } from "@tanstack/react-table";
import { useRouter } from "next/navigation";
import { type CSSProperties, type MouseEvent, useMemo, useRef } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import type { Column, Selection, Sorting } from "./columns";
import { HeaderCell } from "./header-cell";
import { type Density, PLAIN_LAYOUT, type TableLayout } from "./table-layout";
import { useKeptRow } from "./use-kept-row";
import { useRowKeys } from "./use-row-keys";

interface DataTableProps<T> {
  /** What the table holds, for readers. */
  readonly label: string;
  /** Those shown, in their order. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** How many rows there are in all, shown or not; absent when unknown. */
  readonly total?: number;
  readonly rowId: (row: T) => string;
  /** What the row is called, for its checkbox. */
  readonly rowName: (row: T) => string;
  /** Where a click on the row leads; the name's link leads there too. */
  readonly rowHref: (row: T) => string;
  readonly sorting?: Sorting;
  readonly onSort?: (sorting: Sorting) => void;
  readonly selection?: Selection;
  readonly layout?: TableLayout;
  /** Absent: widths stay as they are. */
  readonly onResize?: (column: string, px: number) => void;
}

/** Order, selection and places of columns are the caller's, in the address; the table's own features for them would weigh on every list. */
const features = tableFeatures({});

const USUAL_SIZE = 140;
const SELECT_SIZE = 32;
const PADDING: { readonly [density in Density]: string } = {
  compact: "h-7 py-1",
  normal: "h-8 py-1.5",
  relaxed: "h-10 py-2.5",
};
/** Cells that stay in place cover what scrolls beneath them. */
const PINNED =
  "sticky z-[5] bg-surface group-hover/row:bg-hover group-focus-within/row:bg-hover group-aria-selected/row:bg-selected";

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, columns, rows, rowId, rowHref, sorting, onSort, selection, layout = PLAIN_LAYOUT } = props;
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const isChosen = layout.columns !== null || layout.pinned > 0;
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, T> => ({
          id: column.id,
          header: column.header,
          cell: (context) => column.cell(context.row.original),
        }),
      ),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
  });
  const ids = table.getRowModel().rows.map((row) => row.id);
  const chosen = ids.filter((id) => selection?.selected.has(id));

  const isSelected = (id: string) => selection?.selected.has(id) ?? false;
  const { toggle } = useRowKeys(body, ids, selection);
  useKeptRow(body, ids);
  const open = (event: MouseEvent, row: T) => {
    if ((event.target as Element).closest("a,button,input,label") || getSelection()?.toString()) return;
    router.push(rowHref(row));
  };
  const byId = new Map(columns.map((column) => [column.id, column]));
  const allState = chosen.length === 0 ? false : chosen.length === ids.length ? true : "indeterminate";
  const selectWidth = selection ? SELECT_SIZE : 0;
  // The caller gives columns in their order, so the pinned ones are the first; widths alone say where each stands.
  const widthOf = (column: Column<T>) => layout.widths[column.id] ?? column.size ?? USUAL_SIZE;
  const widthUpTo = (count: number) =>
    columns.slice(0, count).reduce((sum, column) => sum + widthOf(column), selectWidth);
  const indexOf = (id: string) => columns.findIndex((column) => column.id === id);
  const isPinned = (id: string) => indexOf(id) < layout.pinned;
  const placeOf = (id: string): CSSProperties => {
    const index = indexOf(id);
    const column = columns[index];
    if (column === undefined) return {};
    return {
      ...(isChosen || layout.widths[id] !== undefined ? { width: widthOf(column) } : {}),
      ...(index < layout.pinned ? { left: widthUpTo(index) } : {}),
    };
  };
  const padding = PADDING[layout.density];
  const wide = { "--wide": `${widthUpTo(columns.length)}px` } as CSSProperties;
  const lookOf = (column: Column<T> | undefined) =>
    isChosen ? !column?.onPhones && "max-md:hidden" : column?.className;

  const whole = (
    <table
      aria-label={label}
      {...(props.total === undefined ? {} : { "aria-rowcount": props.total + 1 })}
      style={wide}
      className={cn("w-full table-fixed border-separate border-spacing-0 text-sm", isChosen && "md:min-w-(--wide)")}
    >
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {selection ? (
              <th className="sticky top-0 left-0 z-20 w-8 border-b bg-surface p-0 text-center max-md:hidden">
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
              const { onResize } = props;
              return (
                <HeaderCell
                  key={header.id}
                  column={column}
                  sorting={sorting}
                  onSort={onSort}
                  onResize={onResize ? (px) => onResize(column.id, px) : undefined}
                  style={placeOf(column.id)}
                  className={cn("sticky top-0 z-10 border-b bg-surface", isPinned(column.id) && "z-20", lookOf(column))}
                />
              );
            })}
          </tr>
        ))}
      </thead>
      <tbody ref={body}>
        {table.getRowModel().rows.map((row) => (
          <tr
            key={row.id}
            data-row={row.id}
            aria-selected={selection ? isSelected(row.id) : undefined}
            onClick={(event) => open(event, row.original)}
            className="group/row cursor-pointer hover:bg-hover focus-within:bg-hover aria-selected:bg-selected"
          >
            {selection ? (
              <td
                className={cn(
                  "left-0 w-8 border-b p-0 pt-[5px] text-center align-top max-md:hidden",
                  isChosen && PINNED,
                )}
              >
                <Checkbox
                  aria-label={`Select ${props.rowName(row.original)}`}
                  checked={isSelected(row.id)}
                  onClick={(event) => toggle(row.id, event.shiftKey)}
                />
              </td>
            ) : null}
            {row.getAllCells().map((cell) => (
              <td
                key={cell.id}
                style={placeOf(cell.column.id)}
                className={cn(
                  "overflow-hidden border-b px-2 align-top",
                  padding,
                  byId.get(cell.column.id)?.isNumber && "text-right tabular-nums",
                  isPinned(cell.column.id) && PINNED,
                  lookOf(byId.get(cell.column.id)),
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
  if (!isChosen) return whole;
  return (
    // Wider than the page: it scrolls by itself in both ways, so that head and pinned columns can stay.
    <section
      aria-label={`${label}, scrolls`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
      className="scroll-thin max-h-[calc(100dvh-11rem)] overflow-auto"
    >
      {whole}
    </section>
  );
}
