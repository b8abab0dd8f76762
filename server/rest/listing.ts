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
  /** Orders that no table can name, such as those by a metric. */
  readonly otherSort?: (key: string) => Sort | undefined;
  readonly keys: Keys<Field>;
  readonly hasTags?: boolean;
}

interface Order<Sort> {
  readonly sort: Sort;
  readonly direction: Direction;
}

export interface Listing<Field extends string, Sort extends string> extends Filter<Field>, Order<Sort> {
  readonly after: PagePosition | null;
  readonly limit: number;
  readonly next: (position: PagePosition | null) => string | undefined;
}

/** The question as it was sent, kept in the token. */
const Question = z.strictObject({ sortBy: z.string(), filter: z.string(), scope: z.string() });
type Question = z.infer<typeof Question>;

function pageSize(text: string): number {
  if (text === "") return DEFAULT_PAGE;
  if (!/^-?\d{1,9}$/.test(text)) throw new ProblemError("invalid", `invalid page_size ${JSON.stringify(text)}`);
  const size = Number(text);
  if (size < 0) throw new ProblemError("invalid", `The page size should be greater than 0. Got ${size}`);
  return size === 0 ? DEFAULT_PAGE : Math.min(size, MAX_PAGE);
}

/** Keys are read in small letters; what follows the colon of a key that is no fixed word is a name and stays. */
function sortOf<Sort extends string>({ sorts, otherSort }: ListShape<string, Sort>, key: string): Sort | undefined {
  const small = key.toLowerCase();
  return Object.hasOwn(sorts, small) ? sorts[small] : otherSort?.(key);
}

function readOrder<Sort extends string>(shape: ListShape<string, Sort>, text: string): Order<Sort> {
  const [key = "created_at", way = "asc", ...rest] = text.split(/\s+/).filter((word) => word !== "");
  const direction = way.toLowerCase();
  if (rest.length > 0 || (direction !== "asc" && direction !== "desc")) {
    throw new ProblemError("invalid", `Received invalid sort by format ${JSON.stringify(text)}`);
  }
  const sort = sortOf(shape, key);
  if (sort === undefined) {
    throw new ProblemError(
      "invalid",
      `Invalid sorting field: ${JSON.stringify(key.toLowerCase())} on listable type ${shape.resource}`,
    );
  }
  return { sort, direction };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * A question with a token takes from it what it leaves out; what it repeats must mean the same. Tags may come alone,
 * because clients of Kubeflow's own server have to send them with every page.
 */
function continued<Field extends string, Sort extends string>(
  shape: ListShape<Field, Sort>,
  sent: Question,
  kept: Question,
): { order: Order<Sort>; filter: Filter<Field> } {
  const order = readOrder(shape, kept.sortBy);
  const filter = readFilter(shape.keys, kept.filter, shape.hasTags);
  const asked = readFilter(shape.keys, sent.filter, shape.hasTags);
  const isSameOrder = sent.sortBy === "" || isSame(readOrder(shape, sent.sortBy), order);
  const isTagsAlone = asked.predicates.length === 0 && asked.tags.length > 0;
  const isSameFilter =
    sent.filter === "" ||
    (isSame(asked.tags, filter.tags) && (isTagsAlone || isSame(asked.predicates, filter.predicates)));
  if (sent.scope !== kept.scope || !isSameOrder || !isSameFilter) {
    throw new ProblemError(
      "invalid",
      "page token does not match the supplied sort by and/or filtering criteria. Either specify the same criteria for both, or leave the latter empty and only specify the page token",
    );
  }
  return { order, filter };
}

function readToken(context: Context, list: string, text: string): { asked: Question; after: PagePosition } {
  const token = readPageToken(context.secret, list, text);
  const asked = Question.safeParse(token.query);
  if (!asked.success) throw new ProblemError("invalid", "Invalid page token");
  return { asked: asked.data, after: token.after };
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
  const sent = { sortBy: query.get("sort_by") ?? "", filter: query.get("filter") ?? "", scope };
  const token = given === "" ? null : readToken(context, list, given);
  const asked = token?.asked ?? sent;
  const { order, filter } = continued(shape, sent, asked);
  return {
    ...order,
    ...filter,
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
