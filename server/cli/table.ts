/** Rows as columns: as wide as what is in them, cut to the terminal where there is one, states in colour there. */
import { styleText } from "node:util";
import stringWidth from "string-width";
import type { AttemptState, RunState, TaskState, VersionState } from "@/server/domain/states";

/** How a table may look: the width that it must keep to, null = any; and whether colours are shown. */
export interface Look {
  readonly columns: number | null;
  readonly isColored: boolean;
}

/** What stands in a column: text, or a state's word. */
export type Cell = string | { readonly state: string };

type Color = Parameters<typeof styleText>[0];

/** The word is always there; its colour only repeats it. */
const COLORS: { readonly [state in RunState | TaskState | AttemptState | VersionState]: Color } = {
  pending: "gray",
  queued: "gray",
  starting: "cyan",
  running: "cyan",
  canceling: "yellow",
  succeeded: "green",
  cached: "green",
  skipped: "gray",
  omitted: "gray",
  failed: "red",
  canceled: "yellow",
  lost: "red",
  runnable: "green",
  incomplete: "yellow",
};

const GAP = 2;
/** A column is never cut below this. */
const LEAST = 8;

const graphemes = new Intl.Segmenter();

/** `text` cut to so many columns of a terminal; the last one says that there is more. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Cells stand on one line each: line breaks and control characters would tear the table. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell));
    });
  return widths;
}

/** Takes from the widest column until all fit; the first one, by which a row is named, is kept whole. */
function fitted(widths: readonly number[], columns: number): number[] {
  const fit = [...widths];
  const total = () => fit.reduce((sum, width) => sum + width, GAP * (fit.length - 1));
  for (let over = total() - columns; over > 0; over = total() - columns) {
    const others = fit.slice(1);
    const widest = Math.max(...others);
    if (others.length === 0 || widest <= LEAST) return fit;
    const next = Math.max(LEAST, ...others.filter((width) => width < widest));
    fit[fit.lastIndexOf(widest)] = Math.max(next < widest ? next : widest - 1, widest - over, LEAST);
  }
  return fit;
}

const isState = (word: string): word is keyof typeof COLORS => Object.hasOwn(COLORS, word);

/** A state's word in its colour. */
export function stateWord(word: string, { isColored }: Pick<Look, "isColored">): string {
  return isColored && isState(word) ? styleText(COLORS[word], word, { validateStream: false }) : word;
}

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.state);

/** Rows as columns of equal width; the last one is not padded. */
export function columns(rows: readonly (readonly Cell[])[], look: Look = { columns: null, isColored: false }): string {
  const texts = rows.map((row) => row.map((cell) => oneLine(textOf(cell))));
  const natural = widthsOf(texts);
  const widths = look.columns === null ? natural : fitted(natural, look.columns);
  const cellText = (cell: Cell, at: number, isLast: boolean): string => {
    const text = cut(oneLine(textOf(cell)), widths[at] ?? 0);
    const shown = typeof cell === "string" ? text : stateWord(text, look);
    return isLast ? shown : shown + " ".repeat(Math.max(0, (widths[at] ?? 0) - stringWidth(text)));
  };
  return rows
    .map((row) =>
      row
        .map((cell, at) => cellText(cell, at, at === row.length - 1))
        .join(" ".repeat(GAP))
        .trimEnd(),
    )
    .join("\n");
}
