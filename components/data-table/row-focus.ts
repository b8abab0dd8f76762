/** Walking a table's rows by keyboard: the focus is on the row's link, so Enter opens it by itself. */

const rowsOf = (body: HTMLElement | null): HTMLElement[] => [
  ...(body?.querySelectorAll<HTMLElement>("[data-row]") ?? []),
];

function focusedIndex(rows: readonly HTMLElement[]): number {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

/** Moves the focus to the next (1) or previous (-1) row; to the first when none has it. */
export function focusRow(body: HTMLElement | null, step: 1 | -1): void {
  const rows = rowsOf(body);
  const current = focusedIndex(rows);
  const row = current === -1 ? rows[0] : rows[current + step];
  row?.querySelector<HTMLElement>("a")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** The id of the row that holds the focus. */
export function focusedRowId(body: HTMLElement | null): string | null {
  const rows = rowsOf(body);
  return rows[focusedIndex(rows)]?.dataset.row ?? null;
}
