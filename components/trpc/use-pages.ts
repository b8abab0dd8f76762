/** A list read page by page. The library's own paging sends a field `direction` of its own, which our lists use for sorting. */
"use client";

import { keepPreviousData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import type { PageView } from "@/server/domain/views";

/** `read` is given the token of a page, null for the first. */
export function usePages<T>(
  queryKey: QueryKey,
  read: (cursor: string | null, signal: AbortSignal) => Promise<PageView<T>>,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}
