/** The ids between two rows of a list. */

/** Both ends included, in either direction; only `to` when `from` is not in the list. */
export function rangeOf(ids: readonly string[], from: string | null, to: string): readonly string[] {
  const start = from === null ? -1 : ids.indexOf(from);
  const end = ids.indexOf(to);
  if (start === -1 || end === -1) return [to];
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
