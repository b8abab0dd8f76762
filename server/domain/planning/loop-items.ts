/** What a loop goes over: its items, checked before the first iteration is made. */
import type { JsonValue, LoopSpec, Problem } from "@/pipelines/graph";
import { readLenientJson } from "@/pipelines/text/json";
import type { Reason } from "@/server/domain/reason";

/** More iterations than anyone can look at; a loop beyond is a mistake in the data. */
const MAX_ITERATIONS = 100_000;

export type LoopItems =
  | { readonly ok: true; readonly items: readonly JsonValue[] }
  | { readonly ok: false; readonly reason: Reason };

const bad = (message: string, subject: JsonValue): LoopItems => ({
  ok: false,
  reason: { code: "bad-input", message, subject },
});

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "object") return "a struct";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

/**
 * The items of a loop over parameters: the raw list, or the value of an input that is a list or a text that holds a
 * JSON list.
 */
export function loopItems(loop: LoopSpec, name: string, inputs: { readonly [name: string]: JsonValue }): LoopItems {
  if ("raw" in loop.items) return checked(loop.items.raw, name);
  const { input } = loop.items;
  const value = Object.hasOwn(inputs, input) ? inputs[input] : undefined;
  if (Array.isArray(value)) return checked(value, name);
  const read = typeof value === "string" ? readLenientJson(value) : null;
  if (read?.ok && Array.isArray(read.value)) return checked(read.value, name);
  const shown = value === undefined || value === null ? "" : `: ${shortened(JSON.stringify(value))}`;
  const where = read === null || read.ok || !/^\s*\[/.test(String(value)) ? "" : ` (${textFault(read.problems)})`;
  const message = `The loop "${name}" goes over its input "${input}", which holds ${kindOf(value)}, not a list${shown}${where}. Give it a list as JSON, such as ["a", "b"].`;
  return bad(message, input);
}

const shortened = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 99)}…`);

/** Where and why a text that begins like a list is none. */
const textFault = ([problem]: readonly Problem[]): string =>
  problem === undefined ? "" : `${problem.place}: ${problem.message.replace(/\.$/, "")}`;

function checked(items: readonly JsonValue[], name: string): LoopItems {
  if (items.length <= MAX_ITERATIONS) return { ok: true, items };
  return bad(
    `The loop "${name}" has ${items.length.toLocaleString("en")} items; ${MAX_ITERATIONS.toLocaleString("en")} are the most that are run. Let each iteration take several items.`,
    items.length,
  );
}
