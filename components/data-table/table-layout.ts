/** How a table is laid out: which columns, in which order, how wide, how many stay in place, how dense; as the address spells it. */
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs";

export const DENSITIES = ["compact", "normal", "relaxed"] as const;
export type Density = (typeof DENSITIES)[number];

export interface TableLayout {
  /** Ids of the columns shown, in order; null for those shown by themselves. */
  readonly columns: readonly string[] | null;
  /** How many of the first columns stay in place while the rest scrolls. */
  readonly pinned: number;
  readonly widths: { readonly [column: string]: number };
  readonly density: Density;
}

export const NARROWEST = 64;
export const WIDEST = 900;
const MOST_COLUMNS = 60;

const withinBounds = (px: number): number => Math.min(WIDEST, Math.max(NARROWEST, Math.round(px)));

export const layoutParsers = {
  cols: parseAsArrayOf(parseAsString),
  pin: parseAsInteger.withDefault(0),
  width: parseAsArrayOf(parseAsString).withDefault([]).withOptions({ history: "replace" }),
  density: parseAsStringLiteral(DENSITIES).withDefault("normal"),
};

export interface LayoutAddress {
  readonly cols: readonly string[] | null;
  readonly pin: number;
  readonly width: readonly string[];
  readonly density: Density;
}

/** Reads `name:300`; a width that is none is left out. */
function readWidths(texts: readonly string[]): { [column: string]: number } {
  return Object.fromEntries(
    texts.flatMap((text) => {
      const at = text.lastIndexOf(":");
      const px = Number(text.slice(at + 1));
      return at > 0 && Number.isFinite(px) ? [[text.slice(0, at), withinBounds(px)]] : [];
    }),
  );
}

/** The layout that an address asks for. */
export function readLayout({ cols, pin, width, density }: LayoutAddress): TableLayout {
  const columns = cols === null ? null : [...new Set(cols.filter((id) => id !== ""))].slice(0, MOST_COLUMNS);
  return { columns, pinned: Math.max(0, Math.min(pin, 6)), widths: readWidths(width), density };
}

/** How the address spells a layout. */
export function writeLayout({ columns, pinned, widths, density }: TableLayout) {
  return {
    cols: columns === null ? null : [...columns],
    pin: pinned,
    width: Object.entries(widths).map(([column, px]) => `${column}:${withinBounds(px)}`),
    density,
  };
}

/** The layout with a column made so wide. */
export const resized = (layout: TableLayout, column: string, px: number): TableLayout => ({
  ...layout,
  widths: { ...layout.widths, [column]: withinBounds(px) },
});

/** The columns with one of them moved by so many places; the ends hold it. */
export function moved(columns: readonly string[], column: string, by: number): readonly string[] {
  const from = columns.indexOf(column);
  if (from === -1) return columns;
  const to = Math.min(columns.length - 1, Math.max(0, from + by));
  const rest = columns.filter((each) => each !== column);
  return [...rest.slice(0, to), column, ...rest.slice(to)];
}

export const PLAIN_LAYOUT: TableLayout = { columns: null, pinned: 0, widths: {}, density: "normal" };
