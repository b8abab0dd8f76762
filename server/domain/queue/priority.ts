/** Priorities of runs: whole numbers about 0, some of which have names. */

/** The highest priority; the lowest is as far below 0. */
export const MAX_PRIORITY = 100;

/** Those that forms offer; every number between the bounds is one too. */
export const NAMED_PRIORITIES: readonly { readonly priority: number; readonly name: string }[] = [
  { priority: MAX_PRIORITY, name: "Highest" },
  { priority: 10, name: "High" },
  { priority: 0, name: "Ordinary" },
  { priority: -10, name: "Low" },
];

/** `High (10)`, or the number alone. */
export function priorityText(priority: number): string {
  const named = NAMED_PRIORITIES.find((one) => one.priority === priority);
  return named === undefined ? String(priority) : `${named.name} (${priority})`;
}

/** The priority that comes before every other of these as far as there is one. */
export const beforeAll = (own: number, others: readonly number[]): number =>
  Math.max(own, Math.min(MAX_PRIORITY, Math.max(-MAX_PRIORITY, ...others) + 1));
