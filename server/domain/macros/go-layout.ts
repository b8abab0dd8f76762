/** Moments written after Go's reference layout (`2006-01-02 15:04:05`), in UTC and to the second. */

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY_MS = 86_400_000;

const two = (value: number): string => String(value).padStart(2, "0");

/** Names and numbers of a moment in UTC, as date formats of any kind need them. */
export function dateParts(at: Date) {
  const hour = at.getUTCHours();
  const newYear = Date.UTC(at.getUTCFullYear(), 0, 1);
  return {
    year: String(at.getUTCFullYear()),
    month: at.getUTCMonth() + 1,
    monthName: MONTHS[at.getUTCMonth()] ?? "",
    day: at.getUTCDate(),
    weekday: at.getUTCDay(),
    dayName: DAYS[at.getUTCDay()] ?? "",
    dayOfYear: Math.floor((at.getTime() - newYear) / DAY_MS) + 1,
    hour,
    hour12: hour % 12 === 0 ? 12 : hour % 12,
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    half: hour < 12 ? "AM" : "PM",
  };
}

type Parts = ReturnType<typeof dateParts>;

/** What each part of a layout stands for; offsets are those of UTC. */
const CHUNKS: { readonly [chunk: string]: (parts: Parts) => string } = {
  January: (parts) => parts.monthName,
  Jan: (parts) => parts.monthName.slice(0, 3),
  Monday: (parts) => parts.dayName,
  Mon: (parts) => parts.dayName.slice(0, 3),
  MST: () => "UTC",
  "002": (parts) => String(parts.dayOfYear).padStart(3, "0"),
  "01": (parts) => two(parts.month),
  "02": (parts) => two(parts.day),
  "03": (parts) => two(parts.hour12),
  "04": (parts) => two(parts.minute),
  "05": (parts) => two(parts.second),
  "06": (parts) => parts.year.slice(-2),
  "15": (parts) => two(parts.hour),
  1: (parts) => String(parts.month),
  2006: (parts) => parts.year,
  _2006: (parts) => `_${parts.year}`,
  __2: (parts) => String(parts.dayOfYear).padStart(3, " "),
  _2: (parts) => String(parts.day).padStart(2, " "),
  2: (parts) => String(parts.day),
  3: (parts) => String(parts.hour12),
  4: (parts) => String(parts.minute),
  5: (parts) => String(parts.second),
  PM: (parts) => parts.half,
  pm: (parts) => parts.half.toLowerCase(),
  "-070000": () => "+000000",
  "-07:00:00": () => "+00:00:00",
  "-0700": () => "+0000",
  "-07:00": () => "+00:00",
  "-07": () => "+00",
  Z070000: () => "Z",
  "Z07:00:00": () => "Z",
  Z0700: () => "Z",
  "Z07:00": () => "Z",
  Z07: () => "Z",
};

/** The longest chunk first; a name that goes on in small letters is another word, as in Go. */
const CHUNK =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|_2006|__2|_2|2|3|4|5|PM|pm|[-Z]07(?::00:00|0000|:00|00)?|[.,](?:0+|9+)(?!\d)/g;

/** A fraction of a whole second: zeros where the layout asks for digits, nothing where it drops empty ones. */
const fraction = (chunk: string): string => (chunk.includes("9") ? "" : chunk);

/** The moment as the layout says; text that is no part of a date stays. */
export function goLayout(layout: string, at: Date): string {
  const parts = dateParts(at);
  return layout.replace(CHUNK, (chunk) => CHUNKS[chunk]?.(parts) ?? fraction(chunk));
}
