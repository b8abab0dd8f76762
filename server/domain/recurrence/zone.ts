/** Time zones: how far a zone's clock is from UTC, in stretches during which it does not change. */

const HOUR = 3_600_000;
/** Changes of a clock lie further apart than this. */
const LOOK_EVERY_MS = 12 * HOUR;

/** A stretch of time with one offset, never longer than a year. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  /** What is added to UTC to get local time. */
  readonly offsetMs: number;
  /** The offset just before the stretch. */
  readonly beforeMs: number;
}

export interface Zone {
  /** The stretch that a moment lies in. */
  readonly stretchAt: (ms: number) => Stretch;
}

const zones = new Map<string, Zone>();

/** Whether this is the name of a time zone that is known here. */
export function isTimeZone(name: string): boolean {
  try {
    // A bare offset is accepted too, but says nothing of a place and its clock.
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat("en-US", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

/** The zone that the clock of this machine shows. */
export const localTimeZone = (): string => new Intl.DateTimeFormat("en-US").resolvedOptions().timeZone;

/** `GMT+10:30` at the end of a text, in milliseconds. */
function readOffset(text: string): number {
  const found = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (found === null) throw new Error(`cannot read the offset of ${text}`);
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = found;
  const ms = Number(hours) * HOUR + Number(minutes) * 60_000 + Number(seconds) * 1_000;
  return sign === "-" ? -ms : ms;
}

/** The first whole second after `fromMs`, up to `toMs`, that has no longer the offset of `fromMs`. */
function changeBetween(offsetAt: (ms: number) => number, fromMs: number, toMs: number): number {
  const before = offsetAt(fromMs);
  let low = fromMs;
  let high = toMs;
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function stretchesOf(offsetAt: (ms: number) => number, year: number): Stretch[] {
  const yearMs = Date.UTC(year, 0);
  const endMs = Date.UTC(year + 1, 0);
  const stretches: Stretch[] = [];
  let startMs = yearMs;
  for (let at = yearMs; at < endMs; at += LOOK_EVERY_MS) {
    const to = Math.min(at + LOOK_EVERY_MS, endMs - 1_000);
    if (to <= at || offsetAt(to) === offsetAt(at)) continue;
    const changeMs = changeBetween(offsetAt, at, to);
    stretches.push({ startMs, endMs: changeMs, offsetMs: offsetAt(startMs), beforeMs: offsetAt(startMs - 1_000) });
    startMs = changeMs;
  }
  return [...stretches, { startMs, endMs, offsetMs: offsetAt(startMs), beforeMs: offsetAt(startMs - 1_000) }];
}

/** The first moment at which the clock shows this local time; where it is left out, the moment of the change. */
export function momentOf(zone: Zone, localMs: number): number {
  let stretch = zone.stretchAt(localMs - 2 * 24 * HOUR);
  while (localMs >= stretch.endMs + stretch.offsetMs) stretch = zone.stretchAt(stretch.endMs);
  return Math.max(localMs - stretch.offsetMs, stretch.startMs);
}

/** A zone by its IANA name; what it has looked up it keeps. Throws a RangeError for a name that is not known. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  const offsetAt = (ms: number): number => readOffset(format.format(ms));
  const years = new Map<number, readonly Stretch[]>();
  const zone: Zone = {
    stretchAt: (ms) => {
      const year = new Date(ms).getUTCFullYear();
      const stretches = years.get(year) ?? stretchesOf(offsetAt, year);
      years.set(year, stretches);
      const found = stretches.find((stretch) => ms < stretch.endMs);
      if (found === undefined) throw new Error(`no stretch of ${name} holds ${ms}`);
      return found;
    },
  };
  zones.set(name, zone);
  return zone;
}
