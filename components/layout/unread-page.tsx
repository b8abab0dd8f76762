/** A page whose subject is not there: it is on its way or could not be read. Even so it has a name, its place in the trail, and a way on. */
"use client";

import type { ReactNode } from "react";
import { callProblem } from "@/components/trpc/problem";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { Crumbs } from "./crumbs";
import { Page, PageTitle } from "./page";

interface UnreadPageProps {
  /** What the page is about: `run`. */
  readonly noun: string;
  /** The list that it belongs to. */
  readonly list: { readonly label: string; readonly href: string };
  /** Null while it is read. */
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Other ways on than to the list. */
  readonly actions?: ReactNode;
}

export function UnreadPage({ noun, list, error, onRetry, actions }: UnreadPageProps) {
  if (!error) {
    return (
      <Page>
        <Crumbs items={[list, { label: "Loading" }]} />
        <h1 className="sr-only">{`Loading the ${noun}`}</h1>
        <div className="flex min-h-8 items-center">
          <Skeleton className="h-6 w-48" />
        </div>
        <SkeletonRows rows={8} label={`Loading the ${noun}`} />
      </Page>
    );
  }
  const problem = callProblem(error);
  const isGone = problem.code === "not-found";
  const title = isGone ? `There is no such ${noun}` : `The ${noun} could not be loaded`;
  return (
    <Page>
      <Crumbs items={[list, { label: isGone ? "Not found" : "Not loaded" }]} />
      <PageTitle title={title} />
      <ErrorState
        title={null}
        message={problem.message}
        onRetry={onRetry}
        actions={
          <>
            {actions}
            <ButtonLink size="sm" href={list.href}>
              All {list.label.toLowerCase()}
            </ButtonLink>
          </>
        }
      />
    </Page>
  );
}
