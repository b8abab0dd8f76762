/** Lists page by page: the flags, and what is said of the pages after this one. */
import type { Command } from "commander";
import type { PageView } from "@/server/domain/views/shared";
import { refused } from "./exit";

export interface PageOptions {
  readonly limit?: string;
  readonly cursor?: string;
}

const MAX_LIMIT = 200;

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw refused(`--limit is a number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

/** The page that is asked for. */
export const pageOf = ({ limit, cursor }: PageOptions) => ({
  ...(limit === undefined ? {} : { limit: limitOf(limit) }),
  ...(cursor === undefined ? {} : { cursor }),
});

/** Gives a subcommand the flags of a list. */
export const withPages = (command: Command): Command =>
  command.option("--limit <n>", "at most this many (50)").option("--cursor <cursor>", "the page after another");

/** How to see what this page leaves out. */
export const moreWords = ({ next, total }: Pick<PageView<unknown>, "next" | "total">): string =>
  next === null ? "" : `\n… ${total > 10_000 ? "more than 10000" : total} in all; the next page: --cursor ${next}`;
