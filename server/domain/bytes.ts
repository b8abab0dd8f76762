/** Sizes in messages, as a person reads them. */

const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** `812 bytes`, `4.2 MB`, `41 GB`: three digits, units of thousands as everywhere in the product. */
export function byteText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const rounded = Number(bytes.toPrecision(3));
  const power = Math.min(Math.floor(Math.log10(rounded) / 3), UNITS.length);
  return `${Number((rounded / 1_000 ** power).toPrecision(3))} ${UNITS[power - 1]}`;
}
