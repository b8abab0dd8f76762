/** Days as a calendar shows them: seven in a row from Monday on, drawn by the caller. */
import type { ReactNode } from "react";

const NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** How many days of the week come before this date. */
const before = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

export function DayGrid<T extends { readonly date: string }>({
  label,
  days,
  children,
}: {
  readonly label: string;
  readonly days: readonly T[];
  /** The inside of a day. */
  readonly children: (day: T) => ReactNode;
}) {
  const [first] = days;
  if (first === undefined) return null;
  return (
    <div>
      <div aria-hidden className="grid grid-cols-7 gap-1 pb-1 text-center text-2xs text-faint">
        {NAMES.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ol aria-label={label} className="grid grid-cols-7 gap-1">
        {days.map((day, at) => (
          <li
            key={day.date}
            className="relative min-w-0"
            style={at === 0 ? { gridColumnStart: before(day.date) + 1 } : undefined}
          >
            {children(day)}
          </li>
        ))}
      </ol>
    </div>
  );
}
