/** What a filter of runs can name: facts of the newest runs, and values with how often they occur. */
import type { SuggestInput } from "@/server/domain/inputs/lists";
import type { CountedValue, FactNames } from "@/server/domain/views/lists";
import type { Context } from "../context";

/** Names of parameters, metrics and tags. */
export const runFactNames = (context: Context): Promise<FactNames> => context.reading.ask("factNames", {});

/** The most frequent values of a field. */
export const suggestRunValues = (context: Context, input: SuggestInput): Promise<CountedValue[]> =>
  context.reading.ask("suggestedValues", input);
