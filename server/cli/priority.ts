/** Priorities as the command takes them. */
import { MAX_PRIORITY } from "@/server/domain/queue/priority";
import { refused } from "./exit";

/** Flag and description, as commander takes them. */
export const PRIORITY_FLAG = [
  "--priority <n>",
  `place in the queue, ${-MAX_PRIORITY} to ${MAX_PRIORITY}: higher ones come first (0)`,
] as const;

/** The number that was typed. Throws for anything else. */
export function readPriority(text: string): number {
  const priority = Number(text);
  if (/^[+-]?\d+$/.test(text.trim()) && Math.abs(priority) <= MAX_PRIORITY) return priority;
  throw refused(`A priority is a whole number from ${-MAX_PRIORITY} to ${MAX_PRIORITY}, not ${text}.`);
}
