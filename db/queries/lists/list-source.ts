/** What a list is read from: its table, its comparisons and its orders; the same reading serves every list. */
import type { SQL } from "drizzle-orm";
import type { Comparison } from "@/server/domain/lists/filter";

/** What a list is sorted by. */
export interface ListOrder {
  readonly by: SQL;
  /** Rows without a value come last in either direction, and are read after the others. */
  readonly isNullable: boolean;
  /** Where the values stand in a table of their own with an index by value: that table, joined to the list's, and the row's key in it. */
  readonly facts?: { readonly from: SQL; readonly absent: SQL; readonly key: SQL };
}

export interface ListSource {
  readonly from: SQL;
  readonly key: SQL;
  /** What every row of the list satisfies. */
  readonly visible: SQL;
  /** A comparison as a condition on a row. */
  compare(comparison: Comparison): SQL;
  /** The same as conditions of which exactly one holds, each served by an index in the order of the list; null when it is one already. */
  arms(comparison: Comparison): readonly SQL[] | null;
  /** A query of `key` that gives every row the comparison may hold for, by an index; null when there is none. */
  candidates(comparison: Comparison): { readonly query: SQL; readonly isExact: boolean } | null;
  /** `isLoose`: few rows are left, so no index has to serve the order. */
  order(sort: string, isLoose: boolean): ListOrder;
}
