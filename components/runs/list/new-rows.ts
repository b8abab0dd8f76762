/** Keeps what a person reads in its place: rows that came after the list was opened wait behind a pill. */
import type { RunSummary } from "@/server/domain/views/runs";

/** Splits a fresh list at the moment it was opened; without a moment everything is shown. */
export function splitNewRows<Row extends Pick<RunSummary, "createdAt">>(
  rows: readonly Row[],
  openedAt: string | null,
): { readonly shown: readonly Row[]; readonly waiting: number } {
  if (openedAt === null) return { shown: rows, waiting: 0 };
  const shown = rows.filter((run) => run.createdAt <= openedAt);
  return { shown, waiting: rows.length - shown.length };
}

/** The moment of the newest row, from which on others count as new; null for an empty list. */
export const newestMoment = (rows: readonly Pick<RunSummary, "createdAt">[]): string | null =>
  rows.reduce<string | null>(
    (newest, run) => (newest === null || run.createdAt > newest ? run.createdAt : newest),
    null,
  );
