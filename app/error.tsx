/** A page that broke: the rest of the product goes on, and this page can be tried again. */
"use client";

import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";

export default function PageError({
  error,
  reset,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}) {
  return (
    <Page>
      <h1 className="sr-only">This page broke</h1>
      <ErrorState
        title="This page broke"
        message={`${error.message || "An unknown error."} What runs is not touched.${error.digest ? ` The server's log names it ${error.digest}.` : ""}`}
        onRetry={reset}
        actions={
          <ButtonLink size="sm" href="/">
            Home
          </ButtonLink>
        }
      />
    </Page>
  );
}
