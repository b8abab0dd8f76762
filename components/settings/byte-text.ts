/** Sizes as a person writes them: `20 GiB`, `1.5 MB`, `512`. */

const UNITS: { readonly [unit: string]: number } = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1_024,
  mib: 1_024 ** 2,
  gib: 1_024 ** 3,
  tib: 1_024 ** 4,
};

const BINARY: readonly (readonly [string, number])[] = [
  ["TiB", 1_024 ** 4],
  ["GiB", 1_024 ** 3],
  ["MiB", 1_024 ** 2],
  ["KiB", 1_024],
];

/** The shortest text that reads back as exactly this many bytes. */
export function bytesText(bytes: number): string {
  for (const [unit, size] of BINARY) if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`;
  return `${bytes} B`;
}

/** Bytes, or null for what is no size. Letters may be of either case; `K`, `M`, `G` alone are binary. */
export function readBytes(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (found === null) return null;
  const unit = (found[2] ?? "").toLowerCase();
  const size = unit === "" ? 1 : (UNITS[unit] ?? UNITS[`${unit}ib`]);
  const bytes = size === undefined ? Number.NaN : Math.round(Number(found[1]) * size);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
