/** Columns that lists have in common: a text, a number, a moment; a dash where there is none. */
import type { Column } from "@/components/data-table/columns";
import { RelativeTime } from "@/components/ui/time";

type Told<T> = (row: T) => string | null;

/** A text that is cut where it is too long. */
export const textColumn = <T,>(
  id: string,
  header: string,
  told: Told<T>,
  size = 140,
  more?: Partial<Column<T>>,
): Column<T> => ({
  id,
  header,
  size,
  ...more,
  cell: (row) => {
    const text = told(row);
    if (text === null || text === "") return <span className="text-faint">–</span>;
    return (
      <span className="block truncate text-dim" title={text}>
        {text}
      </span>
    );
  },
});

/** A count, sorted by where `sort` says so. */
export const numberColumn = <T,>(
  id: string,
  header: string,
  counted: (row: T) => number | null,
  more?: Partial<Column<T>>,
): Column<T> => ({
  id,
  header,
  size: 96,
  isNumber: true,
  ...more,
  cell: (row) => {
    const count = counted(row);
    return count === null ? (
      <span className="text-faint">–</span>
    ) : (
      <span className="text-dim">{count.toLocaleString("en")}</span>
    );
  },
});

/** A moment, told by how long ago it is. */
export const momentColumn = <T,>(id: string, header: string, at: Told<T>, more?: Partial<Column<T>>): Column<T> => ({
  id,
  header,
  size: 120,
  ...more,
  cell: (row) => {
    const moment = at(row);
    return moment === null ? <span className="text-faint">–</span> : <RelativeTime at={moment} className="text-dim" />;
  },
});
