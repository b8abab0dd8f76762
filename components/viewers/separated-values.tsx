/** A file of separated values, or of one JSON value per line, as a table. */
import Papa from "papaparse";
import { useMemo } from "react";
import { DataRows } from "./data-rows";
import { readJsonLines } from "./table/json-lines";

const BEGINNING = "This is the beginning; download the file for the rest.";
/** More rows than anybody pages through. */
const MOST_ROWS = 20_000;

/** `isCut`: the text is the beginning of a longer file, so that its last line may be half a line. */
function readRows(text: string, isCut: boolean): { readonly header: string[]; readonly rows: string[][] } {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy", preview: MOST_ROWS + 1 });
  const whole = isCut && data.length > 1 ? data.slice(0, -1) : data;
  const [header = [], ...rows] = whole;
  return { header, rows };
}

export function SeparatedValues({
  name,
  text,
  isCut,
}: {
  readonly name: string;
  readonly text: string;
  readonly isCut: boolean;
}) {
  const { header, rows } = useMemo(() => readRows(text, isCut), [text, isCut]);
  if (header.length === 0) return <p className="text-sm text-faint">An empty file.</p>;
  const note = isCut || rows.length >= MOST_ROWS ? BEGINNING : null;
  return <DataRows label={`Table ${name}`} header={header} rows={rows} note={note} />;
}

/** `isCut`: as above. */
export function JsonLines({
  name,
  text,
  isCut,
}: {
  readonly name: string;
  readonly text: string;
  readonly isCut: boolean;
}) {
  const { header, rows, broken } = useMemo(() => readJsonLines(text, isCut), [text, isCut]);
  if (header.length === 0) return <p className="text-sm text-faint">It holds no line of JSON.</p>;
  const notes = [isCut ? BEGINNING : "", broken > 0 ? `${broken} lines are no JSON.` : ""];
  return (
    <DataRows label={`Table ${name}`} header={header} rows={rows} note={notes.filter(Boolean).join(" ") || null} />
  );
}
