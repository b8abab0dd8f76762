/** Filters as clients send them, read with limits on their size before anything walks them. */
import { z } from "zod";
import { comparisonsOf, type Filter as FilterTree, MAX_DEPTH, ORDERS } from "./filter";

const MAX_PARTS = 100;
/** Shorter than what an index keeps of a value, so that a cut one is never taken for a whole. */
const MAX_VALUE = 500;

const Text = z.string().max(MAX_VALUE, `Compare with at most ${MAX_VALUE} characters.`);
const Value = z.union([Text, z.number()]);
const Field = z.string().min(1).max(1_100);

const FilterComparison = z.discriminatedUnion("is", [
  z.strictObject({ field: Field, is: z.enum(ORDERS), value: Value }),
  z.strictObject({ field: Field, is: z.literal("contains"), value: Text.min(1, "Write what to look for.") }),
  z.strictObject({ field: Field, is: z.literal("in"), values: z.array(Value).min(1, "List a value.").max(MAX_PARTS) }),
  z.strictObject({ field: Field, is: z.literal("set") }),
]);

const Tree: z.ZodType<FilterTree> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(Tree).min(1).max(MAX_PARTS) }),
    z.strictObject({ any: z.array(Tree).min(1).max(MAX_PARTS) }),
    z.strictObject({ not: Tree }),
    FilterComparison,
  ]),
);

/** How deep an unread value nests, so that a hostile one is refused before anything walks it whole. */
function depthOf(value: unknown, depth = 0): number {
  if (depth > MAX_DEPTH * 2 || typeof value !== "object" || value === null) return depth;
  return Object.values(value).reduce<number>((most, part) => Math.max(most, depthOf(part, depth + 1)), depth);
}

/** A filter as clients send it: at most 100 comparisons, at most 12 deep. */
export const Filter: z.ZodType<FilterTree> = z
  .unknown()
  .refine((value) => depthOf(value) <= MAX_DEPTH * 2, `Nest a filter at most ${MAX_DEPTH} deep.`)
  .pipe(Tree)
  .refine((filter) => comparisonsOf(filter).length <= MAX_PARTS, `A filter has at most ${MAX_PARTS} comparisons.`);
