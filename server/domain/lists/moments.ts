/** Moments and lengths of time as filters spell them. */

const UNIT_MS: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const LENGTH = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Milliseconds of `90s`, `5m`, `1h30m`, `250ms`, `2d`, or of a number of seconds; null for anything else. */
export function readLength(value: string | number): number | null {
  if (typeof value === "number") return value * 1_000;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  if (!LENGTH.test(value)) return null;
  let total = 0;
  for (const [, count, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    total += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  return total;
}

/** Milliseconds since 1970 of a day, a moment (UTC unless it names a zone), or of `-7d`: so long before `nowMs`. Null for anything else. */
export function readMoment(value: string | number, nowMs: number): number | null {
  const text = String(value);
  if (text.startsWith("-")) {
    const length = readLength(text.slice(1));
    return length === null || /\d$/.test(text) ? null : nowMs - length;
  }
  const match = ISO.exec(text);
  if (match === null) return null;
  const ms = Date.parse(text.includes("T") && match[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}
