/** Rows of a table that a step left: found, sorted by what their columns hold, and shown a page at a time. */
"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { ColumnHead } from "./table/column-head";
import { columnTypes, type Sorting, shownRows } from "./table/table-order";

const PAGE = 50;
/** Shorter tables are seen at once. */
const FINDABLE = 8;
/** Wider tables are cut: nobody reads five thousand columns in a panel. */
const MOST_COLUMNS = 100;
const LONGEST = 300;

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export function DataRows({
  label,
  header,
  rows,
  note,
}: {
  readonly label: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What of the table is not here. */
  readonly note?: string | null;
}) {
  const [page, setPage] = useState(0);
  const [search, setSearch] = useState("");
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const wanted = useDeferredValue(search);
  const columns = header.slice(0, MOST_COLUMNS);
  const types = useMemo(() => columnTypes(columns.length, rows), [columns.length, rows]);
  const places = useMemo(() => shownRows(rows, types, { search: wanted, sorting }), [rows, types, wanted, sorting]);
  const pages = Math.max(1, Math.ceil(places.length / PAGE));
  const at = Math.min(page, pages - 1);
  const shown = places.slice(at * PAGE, (at + 1) * PAGE);
  const sort = (column: number) => {
    setPage(0);
    // Upwards, downwards, and back to the order of the file.
    setSorting((before) =>
      before?.column !== column
        ? { column, isDescending: false }
        : before.isDescending
          ? null
          : { column, isDescending: true },
    );
  };
  return (
    <div>
      {rows.length > FINDABLE ? (
        <Input
          type="search"
          aria-label={`Find rows of ${label}`}
          placeholder="Find rows"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setPage(0);
          }}
          className="mb-1 h-7 w-44 text-xs"
        />
      ) : null}
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-112 overflow-auto rounded-sm border border-line"
      >
        <table className="w-full border-separate border-spacing-0 text-xs">
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky top-0 w-px border-b border-line bg-sunken px-2 py-1 text-right text-faint"
              >
                <span className="sr-only">Row</span>
              </th>
              {columns.map((name, column) => (
                <ColumnHead
                  // biome-ignore lint/suspicious/noArrayIndexKey: names of columns may repeat
                  key={column}
                  name={cut(name)}
                  type={types[column] ?? "text"}
                  sorted={sorting?.column === column ? (sorting.isDescending ? "descending" : "ascending") : "none"}
                  onSort={() => sort(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((place) => (
              <tr key={place}>
                <td className="border-b border-line/60 px-2 py-0.5 text-right font-mono text-faint">{place + 1}</td>
                {columns.map((_, column) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    key={column}
                    className={cn(
                      "max-w-80 truncate border-b border-line/60 px-2 py-0.5 font-mono whitespace-nowrap",
                      types[column] === "number" && "text-right",
                    )}
                    title={rows[place]?.[column]}
                  >
                    {cut(rows[place]?.[column] ?? "")}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="mt-1 flex flex-wrap items-center gap-2 text-xs text-dim">
        <span role="status">
          {wanted.trim() === "" ? "" : `${places.length.toLocaleString("en")} of `}
          {rows.length.toLocaleString("en")} {rows.length === 1 ? "row" : "rows"}, {header.length}{" "}
          {header.length === 1 ? "column" : "columns"}
          {header.length > MOST_COLUMNS ? `, the first ${MOST_COLUMNS} shown` : ""}
          {note ? `. ${note}` : ""}
        </span>
        {pages > 1 ? (
          <span className="ml-auto flex items-center gap-1">
            <IconButton
              size="sm"
              label="Rows before"
              reason={at === 0 ? "These are the first rows" : undefined}
              onClick={() => setPage(at - 1)}
            >
              <ChevronLeft />
            </IconButton>
            <span className="font-mono">
              {at + 1} / {pages}
            </span>
            <IconButton
              size="sm"
              label="Rows after"
              reason={at >= pages - 1 ? "These are the last rows" : undefined}
              onClick={() => setPage(at + 1)}
            >
              <ChevronRight />
            </IconButton>
          </span>
        ) : null}
      </div>
    </div>
  );
}
