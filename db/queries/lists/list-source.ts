/** What a list is read from: its table, its comparisons and its orders; the same reading serves every list. */
import { type SQL, sql } from "drizzle-orm";
import type { Comparison } from "@/server/domain/lists/filter";

/** Rows in the order of a list by an index alone: their values, what orders equal ones, and their keys. */
export interface ValueSource {
  readonly from: SQL;
  readonly by: SQL;
  /** Orders rows of the same value, all that are read of them being as many in every source of a list. */
  readonly ties: readonly SQL[];
  /** The row's key, as the index of the values has it: by another, rows of equal value would be sorted anew. */
  readonly key: SQL;
  /** Which rows of the list stand here, when not all do. */
  readonly where?: SQL;
  /** The value and the first tie are those of an owner, whose rows an index has by the others; a page is read in two ranges. */
  readonly isOwned?: boolean;
  /** What a comparison of the list says of the owners, so that those without a row that matches are passed over. */
  readonly narrow?: (comparison: Comparison) => SQL | null;
}

/** What a list is sorted by. */
export interface ListOrder {
  /** Every row with a value stands in exactly one of them. */
  readonly sources: readonly ValueSource[];
  /** The rows without a value: they come last in either direction, by their keys; null where every row has one. */
  readonly absent: SQL | null;
}

export interface Candidates {
  readonly query: SQL;
  /** Whether the comparison holds for every one of them. */
  readonly isExact: boolean;
  /** Whether the index gives them in the order asked for, so that they need not be few. */
  readonly isOrdered: boolean;
}

/** Rows of a list for which a part of a comparison holds, from the table with the index that has them. */
export interface Arm {
  readonly where: SQL;
  readonly from?: SQL;
}

export interface ListSource {
  readonly from: SQL;
  readonly key: SQL;
  /** What every row of the list satisfies. */
  readonly visible: SQL;
  /** A comparison as a condition on a row. */
  compare(comparison: Comparison): SQL;
  /** The same as conditions of which exactly one holds, each served by an index in the order of `sort`; null when there are none. */
  arms(comparison: Comparison, sort: string): readonly Arm[] | null;
  /** A query of `key` that gives every row the comparison may hold for, by an index; null when there is none. */
  candidates(comparison: Comparison, sort: string): Candidates | null;
  /** `isOfFew`: few rows are left, so no index has to serve the order. */
  order(sort: string, isOfFew: boolean): ListOrder;
}

/** The orders of a list by a column of its rows, which have all a value, or some. */
export function columnOrders(from: SQL, key: SQL) {
  const source = (by: SQL): ValueSource => ({ from, by, ties: [], key });
  return {
    always: (by: SQL): ListOrder => ({ sources: [source(by)], absent: null }),
    sometimes: (by: SQL): ListOrder => ({ sources: [source(by)], absent: sql`${by} is null` }),
  };
}
