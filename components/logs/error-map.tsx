/** Beside the scroll bar: where in what is held the errors are. A press shows the nearest one; keys and buttons lead there too. */
import { useMemo } from "react";

/** More marks than these cannot be told apart. */
const MARKS = 120;

export function ErrorMap({
  rows,
  count,
  onRow,
}: {
  /** Rows with errors, ascending, among `count` rows. */
  readonly rows: readonly number[];
  readonly count: number;
  readonly onRow: (row: number) => void;
}) {
  const marks = useMemo(() => [...new Set(rows.map((row) => Math.floor((row / count) * MARKS)))], [rows, count]);
  if (marks.length === 0) return null;
  return (
    // For the pointer alone; the button with the count is for keys.
    <div
      aria-hidden
      data-error-map
      title="Errors"
      className="absolute inset-y-0 right-2.5 z-2 w-2 cursor-pointer"
      onClick={(event) => {
        const { top, height } = event.currentTarget.getBoundingClientRect();
        const row = ((event.clientY - top) / height) * count;
        const nearest = rows.reduce((best, each) => (Math.abs(each - row) < Math.abs(best - row) ? each : best));
        onRow(nearest);
      }}
    >
      {marks.map((mark) => (
        <span
          key={mark}
          className="absolute right-0 h-[3px] w-2 rounded-full bg-failed"
          style={{ top: `${(mark / MARKS) * 100}%` }}
        />
      ))}
    </div>
  );
}
