/** Times and durations as words, without a clock of their own. */

/** `850 ms`, `42 s`, `2m 13s`, `3h 04m`, `2d 05h`; negative counts as zero. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1000) return `${Math.round(whole)} ms`;
  if (whole < 10_000) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(whole / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`;
}

/** Like formatDuration, for something that still goes on: whole seconds, so that digits do not flicker. */
export function formatElapsed(ms: number): string {
  return ms < 10_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : formatDuration(ms);
}

const pad = (value: number): string => String(value).padStart(2, "0");

const STEPS: readonly (readonly [limitMs: number, unitMs: number, unit: string])[] = [
  [3_600_000, 60_000, "m"],
  [86_400_000, 3_600_000, "h"],
  [7 * 86_400_000, 86_400_000, "d"],
];

/** `just now`, `4m ago`, `in 2h`; null when the date itself says more (over a week). */
export function formatRelative(atMs: number, nowMs: number): string | null {
  const distance = nowMs - atMs;
  const size = Math.abs(distance);
  if (size < 10_000) return "just now";
  if (size < 60_000) return distance > 0 ? `${Math.floor(size / 1000)}s ago` : `in ${Math.floor(size / 1000)}s`;
  for (const [limit, unit, name] of STEPS) {
    if (size < limit) {
      const count = Math.floor(size / unit);
      return distance > 0 ? `${count}${name} ago` : `in ${count}${name}`;
    }
  }
  return null;
}

/** Date and time with its zone: `2026-11-21 03:24:09 UTC`. `zone` is an IANA name, or undefined for the browser's. */
export function formatInstant(atMs: number, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}:${part("second")} ${part("timeZoneName")}`;
}

/** Bytes as a person reads them: `812 B`, `4.2 kB`, `41 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
