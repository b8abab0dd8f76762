/** A file with one JSON value per line as a table: a column for every key that the lines have. */

export interface TableContent {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Lines that are no JSON. */
  readonly broken: number;
}

/** More lines than anybody pages through. */
const MOST_ROWS = 20_000;

const cellText = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** `isCut`: the text is the beginning of a longer file, so that its last line may be half a line. */
export function readJsonLines(text: string, isCut: boolean): TableContent {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const whole = isCut ? lines.slice(0, -1) : lines;
  const values: { readonly [key: string]: unknown }[] = [];
  let broken = 0;
  for (const line of whole.slice(0, MOST_ROWS)) {
    try {
      const value: unknown = JSON.parse(line);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      values.push(isObject ? (value as { readonly [key: string]: unknown }) : { value });
    } catch {
      broken += 1;
    }
  }
  const header = [...new Set(values.flatMap((value) => Object.keys(value)))];
  return { header, rows: values.map((value) => header.map((key) => cellText(value[key]))), broken };
}
