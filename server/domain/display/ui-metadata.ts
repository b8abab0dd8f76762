/** Reads `mlpipeline-ui-metadata.json`, the document by which steps of Kubeflow v1 and Elyra say what to show of them. */
import Papa from "papaparse";
import type { JsonValue } from "@/pipelines/graph";
import { parseLenientJson } from "../kfp/values";
import type { ConfusionMatrix, RocPoint } from "./classification";
import { isObject, type JsonObject, numberOf } from "./numbers";

/** One thing to show. Its text is as the step wrote it and to be trusted as little as the step. */
export type Display =
  | ({ readonly type: "confusion-matrix" } & ConfusionMatrix)
  | { readonly type: "roc"; readonly points: readonly RocPoint[] }
  | { readonly type: "table"; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly type: "markdown"; readonly text: string }
  /** A page; `entry` is its place in the document, by which the server gives it. */
  | { readonly type: "web-app"; readonly entry: number; readonly html: string }
  | { readonly type: "tensorboard"; readonly source: string }
  /** Content that lies elsewhere and is not fetched. */
  | { readonly type: "elsewhere"; readonly shown: string; readonly source: string };

export interface DisplayDocument {
  readonly displays: readonly Display[];
  /** What could not be read, in sentences that name the entry. */
  readonly problems: readonly string[];
}

const MOST_OUTPUTS = 200;
const MOST_ROWS = 10_000;
const MOST_LABELS = 500;

/** Thrown inside this file for an entry that cannot be shown. */
class Unreadable extends Error {}

/** Reads the document; never throws. Entries that cannot be read are named and left out. */
export function readUiMetadata(text: string): DisplayDocument {
  const outputs = outputsOf(text);
  if (typeof outputs === "string") return { displays: [], problems: [outputs] };
  const displays: Display[] = [];
  const problems: string[] = [];
  for (const [at, entry] of outputs.slice(0, MOST_OUTPUTS).entries()) {
    try {
      if (!isObject(entry)) throw new Unreadable("is no object");
      displays.push(displayOf(entry, at));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push(`Entry ${at + 1}${isObject(entry) ? named(entry) : ""} ${error.message}.`);
    }
  }
  if (outputs.length > MOST_OUTPUTS) {
    problems.push(`It holds ${outputs.length} entries; the first ${MOST_OUTPUTS} are shown.`);
  }
  return { displays, problems };
}

/** The page that one entry of the document holds, the others unread; null when it holds none. Never throws. */
export function readWebPage(text: string, at: number): string | null {
  const outputs = outputsOf(text);
  const entry = typeof outputs === "string" || at >= MOST_OUTPUTS ? undefined : outputs[at];
  if (!isObject(entry) || entry.type !== "web-app" || typeof entry.source !== "string") return null;
  const display = displayOf(entry, at);
  return display.type === "web-app" ? display.html : null;
}

/** The entries of the document, or why there are none. */
function outputsOf(text: string): readonly JsonValue[] | string {
  const json = parseLenientJson(text);
  if (!json.ok) return `It is no JSON that is read here: ${json.message}`;
  const outputs = isObject(json.value) ? json.value.outputs : undefined;
  return Array.isArray(outputs) ? outputs : "It holds no list named outputs.";
}

const named = ({ type }: JsonObject): string => (typeof type === "string" ? ` (${type.slice(0, 50)})` : "");

function displayOf(entry: JsonObject, at: number): Display {
  const { type } = entry;
  if (typeof type !== "string") throw new Unreadable("names no type");
  const source = textField(entry, "source");
  if (type === "tensorboard") return { type, source };
  const reader = READERS.get(type);
  if (reader === undefined) throw new Unreadable("is of a type that is not known");
  if (isElsewhere(entry, source)) return { type: "elsewhere", shown: type, source };
  return reader(entry, source, at);
}

/** Without a word about its storage a source is inline, unless it is nothing but an address. */
function isElsewhere({ storage }: JsonObject, source: string): boolean {
  if (storage === "inline") return false;
  if (typeof storage === "string" && storage !== "") return true;
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\/)\S+$/i.test(source.trim());
}

type Reader = (entry: JsonObject, source: string, at: number) => Display;

/** A map, because a type is whatever the step wrote: `__proto__` too. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["confusion_matrix", confusionMatrix],
  ["roc", roc],
  ["table", table],
  ["markdown", (_entry, text) => ({ type: "markdown", text })],
  ["web-app", (_entry, html, entry) => ({ type: "web-app", entry, html })],
]);

function textField(entry: JsonObject, key: string): string {
  const value = entry[key];
  if (typeof value !== "string") throw new Unreadable(`has no text named ${key}`);
  return value;
}

function rowsOf(entry: JsonObject, source: string): string[][] {
  if (entry.format !== undefined && entry.format !== "csv") throw new Unreadable("has a format other than csv");
  const delimiter = entry.delimiter ?? ",";
  if (typeof delimiter !== "string") throw new Unreadable("has a delimiter that is no text");
  const { data } = Papa.parse<string[]>(source.trim(), {
    delimiter,
    skipEmptyLines: "greedy",
    preview: MOST_ROWS * 25,
  });
  return data.map((row) => row.map((cell) => cell.trim()));
}

/** Names of the columns as `schema` gives them. */
function columnsOf({ schema }: JsonObject): string[] {
  if (!Array.isArray(schema)) return [];
  return schema.map((column: JsonValue) => (isObject(column) && typeof column.name === "string" ? column.name : ""));
}

/** Rows of target, predicted and count; every pair of labels must be there. */
function confusionMatrix(entry: JsonObject, source: string): Display {
  const { labels } = entry;
  if (!Array.isArray(labels) || labels.length === 0) throw new Unreadable("has no list named labels");
  if (labels.length > MOST_LABELS) throw new Unreadable(`has more than ${MOST_LABELS} labels`);
  const names = labels.map((label: JsonValue) => (typeof label === "string" ? label.trim() : JSON.stringify(label)));
  const columns = columnsOf(entry);
  const place = (name: string, otherwise: number): number => {
    const at = columns.indexOf(name);
    return at === -1 ? otherwise : at;
  };
  const target = place(typeof entry.target_col === "string" ? entry.target_col : "target", 0);
  const predicted = place(typeof entry.predicted_col === "string" ? entry.predicted_col : "predicted", 1);
  const count = place("count", 2);
  const rows = rowsOf(entry, source);
  const index = new Map(names.map((name, at) => [name, at]));
  const counts = names.map(() => names.map(() => 0));
  if (rows.length !== names.length ** 2) {
    throw new Unreadable(`has ${rows.length} rows for ${names.length} labels, not ${names.length ** 2}`);
  }
  for (const row of rows) {
    const [from, to, value] = [index.get(row[target] ?? ""), index.get(row[predicted] ?? ""), numberOf(row[count])];
    const line = from === undefined ? undefined : counts[from];
    if (line === undefined || to === undefined || value === null) {
      throw new Unreadable(
        `has the row ${JSON.stringify(row.join(",").slice(0, 80))}, which is no pair of labels with a number`,
      );
    }
    line[to] = value;
  }
  return { type: "confusion-matrix", labels: names, counts };
}

function roc(entry: JsonObject, source: string): Display {
  const columns = columnsOf(entry);
  const [x, y, t] = [
    columns.indexOf("fpr"),
    columns.indexOf("tpr"),
    columns.findIndex((name) => name.startsWith("threshold")),
  ];
  if (x === -1 || y === -1 || t === -1) throw new Unreadable("has no schema with the columns fpr, tpr and threshold");
  const points = rowsOf(entry, source).map((row) => {
    const [falsePositiveRate, truePositiveRate] = [numberOf(row[x]), numberOf(row[y])];
    if (falsePositiveRate === null || truePositiveRate === null) {
      throw new Unreadable(`has the row ${JSON.stringify(row.join(",").slice(0, 80))}, which is no point`);
    }
    return { falsePositiveRate, truePositiveRate, threshold: numberOf(row[t]) };
  });
  return { type: "roc", points };
}

function table(entry: JsonObject, source: string): Display {
  if (!Array.isArray(entry.header)) throw new Unreadable("has no list named header");
  const header = entry.header.map((name: JsonValue) => (typeof name === "string" ? name : JSON.stringify(name)));
  return { type: "table", header, rows: rowsOf(entry, source).slice(0, MOST_ROWS) };
}
