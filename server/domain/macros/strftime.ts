/** Moments written after a `strftime` format, in UTC. */
import { dateParts } from "./go-layout";

type Parts = ReturnType<typeof dateParts>;

const padded = (value: number, width = 2, filler = "0"): string => String(value).padStart(width, filler);

/** Week of the year that begins on this weekday (0 = Sunday); days before the first such day are in week 0. */
const weekFrom = ({ dayOfYear, weekday }: Parts, first: number): number =>
  Math.floor((dayOfYear + 6 - ((weekday - first + 7) % 7)) / 7);

/** Week of ISO 8601: the one that holds the year's first Thursday is the first. */
function isoWeek(at: Date): number {
  const thursday = new Date(at);
  thursday.setUTCDate(at.getUTCDate() + 4 - (at.getUTCDay() || 7));
  return Math.ceil(dateParts(thursday).dayOfYear / 7);
}

const DIRECTIVES: { readonly [letter: string]: string | ((parts: Parts, at: Date) => string) } = {
  A: (parts) => parts.dayName,
  a: (parts) => parts.dayName.slice(0, 3),
  B: (parts) => parts.monthName,
  b: (parts) => parts.monthName.slice(0, 3),
  C: (parts) => parts.year.slice(0, 2),
  c: "%v %X",
  D: "%m/%d/%y",
  d: (parts) => padded(parts.day),
  e: (parts) => padded(parts.day, 2, " "),
  F: "%Y-%m-%d",
  H: (parts) => padded(parts.hour),
  h: "%b",
  I: (parts) => padded(parts.hour12),
  j: (parts) => padded(parts.dayOfYear, 3),
  k: (parts) => padded(parts.hour, 2, " "),
  l: (parts) => padded(parts.hour12, 2, " "),
  M: (parts) => padded(parts.minute),
  m: (parts) => padded(parts.month),
  n: () => "\n",
  p: (parts) => parts.half,
  R: "%H:%M",
  r: "%I:%M:%S %p",
  S: (parts) => padded(parts.second),
  s: (_, at) => String(Math.floor(at.getTime() / 1000)),
  T: "%H:%M:%S",
  t: () => "\t",
  U: (parts) => padded(weekFrom(parts, 0)),
  u: (parts) => String(parts.weekday || 7),
  V: (_, at) => padded(isoWeek(at)),
  v: "%e-%b-%Y",
  W: (parts) => padded(weekFrom(parts, 1)),
  w: (parts) => String(parts.weekday),
  X: "%H:%M:%S",
  x: "%m/%d/%y",
  Y: (parts) => parts.year,
  y: (parts) => parts.year.slice(-2),
  Z: () => "UTC",
  z: () => "+0000",
  "%": () => "%",
};

/** The moment as the format says; a directive that nobody knows stays as it is. */
export function strftime(format: string, at: Date): string {
  const parts = dateParts(at);
  return format.replace(/%([A-Za-z%])/g, (whole, letter: string) => {
    const directive = DIRECTIVES[letter];
    if (directive === undefined) return whole;
    return typeof directive === "string" ? strftime(directive, at) : directive(parts, at);
  });
}
