/** A list that is read: skeleton, trouble, or what it holds. */
"use client";

import type { ReactNode } from "react";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";

interface Query<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

export function Loaded<T>({
  query,
  what,
  children,
}: {
  readonly query: Query<T>;
  /** Plural noun: `profiles`. */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (!query.error) return <SkeletonRows rows={4} label={`Loading the ${what}`} />;
  return (
    <ErrorState
      title={`The ${what} could not be loaded`}
      message={callProblem(query.error).message}
      onRetry={() => void query.refetch()}
    />
  );
}
