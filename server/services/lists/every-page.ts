/** Reads a whole list page by page, for files: no list is too long, and others are answered between two pages. */
import { setImmediate as breathe } from "node:timers/promises";

/** What a page of a list is when one goes on from it. */
interface PageAt<Item, At> {
  readonly items: readonly Item[];
  readonly next: At | null;
}

/** The pages from the first to the last; `read` is given where the one before ended. */
export async function* everyPage<Item, At>(
  read: (after: At | null) => PageAt<Item, At> | Promise<PageAt<Item, At>>,
): AsyncGenerator<readonly Item[], void> {
  let after: At | null = null;
  do {
    const page: PageAt<Item, At> = await read(after);
    yield page.items;
    after = page.next;
    await breathe();
  } while (after !== null);
}
