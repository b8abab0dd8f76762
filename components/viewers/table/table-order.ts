/** What the columns of a table hold, and its rows found and sorted by that. */

export const COLUMN_TYPES = ["number", "boolean", "time", "text"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** So many rows tell what a column holds. */
const LOOKED_AT = 200;

const NUMBER = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const NOTHING = new Set(["", "null", "none", "nan", "na", "n/a"]);

const isNothing = (text: string): boolean => NOTHING.has(text.trim().toLowerCase());

function fits(type: ColumnType, text: string): boolean {
  switch (type) {
    case "number":
      return NUMBER.test(text.trim());
    case "boolean":
      return /^(?:true|false)$/i.test(text.trim());
    case "time":
      return TIME.test(text.trim());
    case "text":
      return true;
  }
}

type Rows = readonly (readonly string[])[];

/** The narrowest type that every value of a column fits; one without values is text. */
export function columnTypes(columns: number, rows: Rows): readonly ColumnType[] {
  const looked = rows.slice(0, LOOKED_AT);
  return Array.from({ length: columns }, (_, column) => {
    const values = looked.map((row) => row[column] ?? "").filter((text) => !isNothing(text));
    if (values.length === 0) return "text";
    return COLUMN_TYPES.find((type) => values.every((text) => fits(type, text))) ?? "text";
  });
}

export interface Sorting {
  readonly column: number;
  readonly isDescending: boolean;
}

const inOrder = new Intl.Collator("en", { numeric: true });

function compare(type: ColumnType, a: string, b: string): number {
  if (type === "number") return Number(a.replaceAll("_", "")) - Number(b.replaceAll("_", ""));
  if (type === "time") return Date.parse(a) - Date.parse(b);
  return inOrder.compare(a, b);
}

/** Places of the rows to show: those that hold `search` anywhere, in order; nothing goes last either way. */
export function shownRows(
  rows: Rows,
  types: readonly ColumnType[],
  { search, sorting }: { readonly search: string; readonly sorting: Sorting | null },
): readonly number[] {
  const wanted = search.trim().toLowerCase();
  const places = rows.flatMap((row, place) =>
    wanted === "" || row.some((cell) => cell.toLowerCase().includes(wanted)) ? [place] : [],
  );
  if (sorting === null) return places;
  const { column, isDescending } = sorting;
  const type = types[column] ?? "text";
  const valueAt = (place: number): string => rows[place]?.[column] ?? "";
  return places.sort((a, b) => {
    const [left, right] = [valueAt(a), valueAt(b)];
    const [noLeft, noRight] = [isNothing(left), isNothing(right)];
    if (noLeft || noRight) return Number(noLeft) - Number(noRight);
    const order = compare(type, left, right);
    return (isDescending ? -order : order) || a - b;
  });
}
