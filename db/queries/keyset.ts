/** Keyset paging: a page begins after the last row of the one before, so a deep page costs what the first does. */
import { type SQL, sql } from "drizzle-orm";
import type { Direction, PagePosition, Scalar } from "@/server/domain/predicates";
import { allOf } from "./conditions";

/** A column that a list may be sorted by; `nullable` ones are read in two parts, because NULL compares with nothing. */
export interface SortColumn {
  readonly by: SQL;
  readonly nullable: boolean;
}

/** The order of what every row has alike: that of the keys. */
export const NOTHING: SortColumn = { by: sql`''`, nullable: false };

export interface PageRequest {
  readonly direction: Direction;
  readonly after: PagePosition | null;
  readonly limit: number;
}

/** Every row of a list carries the value it was sorted by. */
export interface SortedRow {
  readonly key: number;
  readonly sortValue: Scalar | null;
}

type Part = "values" | "nulls";

export interface PageRead {
  readonly where: SQL;
  readonly order: SQL;
  readonly limit: number;
}

/** A counted total stops here; one more stands for "more". */
export const COUNT_LIMIT = 10_000;

/**
 * Reads one page through `read`, which is called once, or twice where a page spans the rows with and without a value.
 * `next` is where the following page begins, null on the last.
 */
export function readPage<Row extends SortedRow>(
  column: SortColumn,
  key: SQL,
  request: PageRequest,
  read: (page: PageRead) => Row[],
): { rows: Row[]; next: PagePosition | null } {
  const rows: Row[] = [];
  for (const part of partsAfter(column, request)) {
    const wanted = request.limit + 1 - rows.length;
    if (wanted <= 0) break;
    const after = rows.length === 0 && isPartOf(request.after, part) ? request.after : null;
    rows.push(...read(pageRead(column, key, part, request.direction, after, wanted)));
  }
  const last = rows[request.limit - 1];
  if (rows.length <= request.limit || last === undefined) return { rows, next: null };
  return { rows: rows.slice(0, request.limit), next: { value: last.sortValue, key: last.key } };
}

/** SQLite puts NULL before every value. */
function partsAfter(column: SortColumn, { direction, after }: PageRequest): readonly Part[] {
  if (!column.nullable) return ["values"];
  const parts: readonly Part[] = direction === "asc" ? ["nulls", "values"] : ["values", "nulls"];
  return parts.slice(after === null ? 0 : parts.findIndex((part) => isPartOf(after, part)));
}

const isPartOf = (after: PagePosition | null, part: Part): boolean =>
  after !== null && (after.value === null) === (part === "nulls");

function pageRead(
  column: SortColumn,
  key: SQL,
  part: Part,
  direction: Direction,
  after: PagePosition | null,
  limit: number,
): PageRead {
  const beyond = direction === "asc" ? sql`>` : sql`<`;
  const way = direction === "asc" ? sql`asc` : sql`desc`;
  if (part === "nulls") {
    const from = after === null ? [] : [sql`${key} ${beyond} ${after.key}`];
    return { where: allOf([sql`${column.by} is null`, ...from]), order: sql`${key} ${way}`, limit };
  }
  const present = column.nullable ? [sql`${column.by} is not null`] : [];
  const from = after === null ? [] : [sql`(${column.by}, ${key}) ${beyond} (${after.value}, ${after.key})`];
  return { where: allOf([...present, ...from]), order: sql`${column.by} ${way}, ${key} ${way}`, limit };
}
