/** Pages of Kubeflow's lists: size, order, filter and token as its clients send them. */
import { z } from "zod";
import { readPageToken, writePageToken } from "@/server/domain/page-token";
import type { Direction, PagePosition } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "@/server/services/context";
import { type Filter, type Keys, readFilter } from "./filter";
import { compact, type JsonObject } from "./json";

const DEFAULT_PAGE = 20;
const MAX_PAGE = 200;

/** What a list can be sorted and filtered by. */
export interface ListShape<Field extends string, Sort extends string> {
  /** Name of the resource in messages. */
  readonly resource: string;
  readonly sorts: { readonly [key: string]: Sort };
  readonly keys: Keys<Field>;
  readonly hasTags?: boolean;
}

export interface Listing<Field extends string, Sort extends string> extends Filter<Field> {
  readonly sort: Sort;
  readonly direction: Direction;
  readonly after: PagePosition | null;
  readonly limit: number;
  readonly next: (position: PagePosition | null) => string | undefined;
}

const Question = z.strictObject({ sortBy: z.string(), filter: z.string(), scope: z.string() });

function pageSize(text: string): number {
  if (text === "") return DEFAULT_PAGE;
  if (!/^-?\d{1,9}$/.test(text)) throw new ProblemError("invalid", `invalid page_size ${JSON.stringify(text)}`);
  const size = Number(text);
  if (size < 0) throw new ProblemError("invalid", `The page size should be greater than 0. Got ${size}`);
  return size === 0 ? DEFAULT_PAGE : Math.min(size, MAX_PAGE);
}

function order<Sort extends string>(
  shape: ListShape<string, Sort>,
  text: string,
): { sort: Sort; direction: Direction } {
  const [key = "created_at", way = "asc", ...rest] = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (rest.length > 0 || (way !== "asc" && way !== "desc")) {
    throw new ProblemError("invalid", `Received invalid sort by format ${JSON.stringify(text)}`);
  }
  const sort = Object.hasOwn(shape.sorts, key) ? shape.sorts[key] : undefined;
  if (sort === undefined) {
    throw new ProblemError(
      "invalid",
      `Invalid sorting field: ${JSON.stringify(key)} on listable type ${shape.resource}`,
    );
  }
  return { sort, direction: way };
}

/** A question with a token takes what it leaves out from the token; what it repeats must be the same. */
function question(query: URLSearchParams, token: z.infer<typeof Question> | null, scope: string) {
  const sortBy = query.get("sort_by") ?? "";
  const filter = query.get("filter") ?? "";
  if (token === null) return { sortBy, filter, scope };
  const isSame = token.scope === scope && ["", token.sortBy].includes(sortBy) && ["", token.filter].includes(filter);
  if (!isSame) {
    throw new ProblemError("invalid", "page token does not match the supplied sort by and/or filtering criteria");
  }
  return token;
}

/** Reads a list's query. `scope` is what else the list depends on, such as its experiment. Throws `invalid`. */
export function readListing<Field extends string, Sort extends string>(
  context: Context,
  shape: ListShape<Field, Sort>,
  query: URLSearchParams,
  scope = "",
): Listing<Field, Sort> {
  const given = query.get("page_token") ?? "";
  const list = `kubeflow-${shape.resource}`;
  const token = given === "" ? null : readPageToken(context.secret, list, given);
  const asked = question(query, token === null ? null : Question.parse(token.query), scope);
  return {
    ...order(shape, asked.sortBy),
    ...readFilter(shape.keys, asked.filter, shape.hasTags),
    after: token?.after ?? null,
    limit: pageSize(query.get("page_size") ?? ""),
    next: (position) =>
      position === null ? undefined : writePageToken(context.secret, { list, query: asked, after: position }),
  };
}

/** The answer of a list. */
export function listAnswer(key: string, items: JsonObject[], total: number, next: string | undefined): JsonObject {
  return compact({ [key]: items, total_size: total, next_page_token: next });
}
