/** The forms in which a program may print a secret value: as it is, by lines, escaped, and in base64 at any alignment. */

/** A line of a value is hidden on its own from this length on. */
const SHORTEST_LINE = 8;
/** Escaped and encoded forms are looked for from this length of the value on. */
const SHORTEST_ENCODED = 8;
/** Larger values are looked for as they are alone. */
const LONGEST_ENCODED = 65_536;
/** Columns at which the usual tools break base64. */
const BASE64_COLUMNS = [64, 76];

const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);
const asciiJson = (text: string): string =>
  jsonText(text).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const percentText = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** The characters of base64 that depend on the value alone, when `lead` bytes of something else stand before it. */
function base64At(bytes: Buffer, lead: number): string {
  const whole = Buffer.concat([Buffer.alloc(lead), bytes]).toString("base64");
  return whole.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6));
}

const brokenAt = (text: string, columns: number): string[] =>
  text.length <= columns ? [] : (text.match(new RegExp(`.{${SHORTEST_LINE},${columns}}`, "g")) ?? []);

function encodedForms(value: string): string[] {
  const bytes = Buffer.from(value);
  if (bytes.length < SHORTEST_ENCODED || bytes.length > LONGEST_ENCODED) return [];
  const aligned = [0, 1, 2].map((lead) => base64At(bytes, lead));
  const broken = BASE64_COLUMNS.flatMap((columns) => brokenAt(aligned[0] ?? "", columns));
  const base64 = [...aligned, ...broken];
  const urlSafe = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const percent = percentText(value);
  return [jsonText(value), asciiJson(value), percent, percent.replaceAll("%20", "+"), ...base64, ...urlSafe];
}

/** Every text that tells `value`. */
export function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const lines = trimmed.split(/\r\n|\r|\n/);
  const telling =
    lines.length > 1 ? lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST_LINE) : [];
  return [value, trimmed, ...telling, ...encodedForms(value), ...(trimmed === value ? [] : encodedForms(trimmed))];
}
