/** Crons as the Kubeflow API reads them: seconds first, the weekday may be left out, and refusals in its own words. */
import { type CronReading, checkedCron, descriptorFields, durationMs } from "./cron-text";

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const BOUNDS: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: WEEKDAYS },
];

class Refusal extends Error {}

function refuse(message: string): never {
  throw new Refusal(message);
}

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) {
    refuse(`Failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const number = Number(text);
  if (number < 0) refuse(`Negative number (${number}) not allowed: ${text}`);
  return number;
}

function integerOrName(text: string, { min, names }: Bounds): number {
  const at = names.indexOf(text.toLowerCase());
  return at < 0 ? integer(text) : at + min;
}

/** Throws a Refusal for an item of a list that a field cannot hold. */
function checkItem(item: string, bounds: Bounds): void {
  const [range = "", stepText, ...moreSlashes] = item.split("/");
  const [low = "", high, ...moreHyphens] = range.split("-");
  const isOpen = low === "*" || low === "?";
  let start = bounds.min;
  let end = bounds.max;
  if (!isOpen) {
    start = integerOrName(low, bounds);
    if (moreHyphens.length > 0) refuse(`Too many hyphens: ${item}`);
    end = high === undefined ? start : integerOrName(high, bounds);
  }
  if (moreSlashes.length > 0) refuse(`Too many slashes: ${item}`);
  const step = stepText === undefined ? 1 : integer(stepText);
  // `n/step` goes on to the end of the field.
  if (stepText !== undefined && high === undefined) end = bounds.max;
  if (start < bounds.min) refuse(`Beginning of range (${start}) below minimum (${bounds.min}): ${item}`);
  if (end > bounds.max) refuse(`End of range (${end}) above maximum (${bounds.max}): ${item}`);
  if (start > end) refuse(`Beginning of range (${start}) beyond end of range (${end}): ${item}`);
  if (step === 0) refuse(`Step of range should be a positive number: ${item}`);
}

/** The items of a field without the empty ones, which Kubeflow passes over. */
function checkedField(text: string, bounds: Bounds): string {
  const items = text.split(",").filter((item) => item !== "");
  for (const item of items) checkItem(item, bounds);
  return items.join(",") || refuse(`No value in field: ${text}`);
}

/** What is wrong with a text, or the cron as it is stored. */
function read(text: string): string {
  if (text === "") refuse("Empty spec string");
  if (text.startsWith("@")) {
    if (!text.startsWith("@every ")) return descriptorFields(text) ?? refuse(`Unrecognized descriptor: ${text}`);
    const duration = text.slice("@every ".length);
    if (durationMs(duration) !== null) return text;
    return refuse(`Failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`);
  }
  const fields = text.split(/\s+/).filter((field) => field !== "");
  if (fields.length < 5 || fields.length > 6) refuse(`Expected 5 to 6 fields, found ${fields.length}: ${text}`);
  const whole = fields.length === 5 ? [...fields, "*"] : fields;
  return BOUNDS.map((bounds, at) => checkedField(whole[at] ?? "*", bounds)).join(" ");
}

/** Reads a cron of the Kubeflow API into the six fields that are stored. */
export function readKubeflowCron(text: string, nowMs: number): CronReading {
  try {
    const cron = read(text);
    return cron.startsWith("@every ") ? { ok: true, cron } : checkedCron(cron, nowMs);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
}
