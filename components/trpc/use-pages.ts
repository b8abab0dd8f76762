/** A list read page by page. The library's own paging sends a field `direction` of its own, which our lists use for sorting. */
"use client";

import { keepPreviousData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import type { PageView } from "@/server/domain/views/shared";

/** `read` is given the token of a page, null for the first. `direction` belongs to the key, which the library leaves it out of. */
export function usePages<T>(
  queryKey: QueryKey,
  read: (cursor: string | null, signal: AbortSignal) => Promise<PageView<T>>,
  direction?: "asc" | "desc",
) {
  return useInfiniteQuery({
    queryKey: direction === undefined ? queryKey : [...queryKey, direction],
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}
