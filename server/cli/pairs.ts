/** `NAME=VALUE` arguments. */
import { refused } from "./exit";

/** Name and value of one argument; the value may hold further `=`. */
export function pairOf(option: string, text: string): readonly [string, string] {
  const cut = text.indexOf("=");
  if (cut < 1) throw refused(`${option} ${text}: write it as NAME=VALUE.`);
  return [text.slice(0, cut), text.slice(cut + 1)];
}

/** What stands now, with the pairs set and the names removed. */
export function changedPairs(
  now: { readonly [name: string]: string },
  option: string,
  set: readonly string[],
  removed: readonly string[],
): { [name: string]: string } {
  const pairs = new Map(Object.entries(now));
  for (const name of removed) pairs.delete(name);
  for (const text of set) pairs.set(...pairOf(option, text));
  return Object.fromEntries(pairs);
}
