/** A comparison with its runs in another order; the server is not asked again for that. */
import type { ComparedRow, ComparisonView } from "@/server/domain/views/compare";

/** The same rows with their cells in the order of `ids`; runs that are not named go last. */
export function arranged(view: ComparisonView, ids: readonly string[]): ComparisonView {
  const placeOf = (id: string): number => {
    const place = ids.indexOf(id);
    return place === -1 ? ids.length : place;
  };
  const order = view.runs
    .map((run, at) => ({ at, place: placeOf(run.id) }))
    .sort((a, b) => a.place - b.place)
    .map(({ at }) => at);
  const inOrder = <Entry>(entries: readonly Entry[]): Entry[] =>
    order.flatMap((at) => (at in entries ? [entries[at] as Entry] : []));
  const rows = <Cell, Row extends ComparedRow<Cell>>(given: readonly Row[]): Row[] =>
    given.map((row) => ({ ...row, cells: inOrder(row.cells) }));
  return {
    ...view,
    runs: inOrder(view.runs),
    metrics: rows(view.metrics),
    steps: rows(view.steps),
    artifacts: rows(view.artifacts),
  };
}
