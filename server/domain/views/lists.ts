/** What lists offer beside their rows: saved views, and the names and values to filter by. */
import type { ListName } from "../lists/list-names";

/** A view of a list that was saved under a name; `query` is what stands behind `?` in the address. */
export interface SavedView {
  readonly id: string;
  readonly list: ListName;
  readonly name: string;
  readonly query: string;
}

/** Names of the parameters, metrics and tags that the newest runs have. */
export interface FactNames {
  readonly param: readonly string[];
  readonly metric: readonly string[];
  readonly tag: readonly string[];
}

/** A value with how often it occurs among the newest runs. */
export interface CountedValue {
  readonly value: string;
  readonly count: number;
}
