/** Keeps trouble in one part of a page from taking the page down: what could not be fetched or drawn says so in its own place. */
"use client";

import { Component, type ReactNode } from "react";
import { ErrorState } from "./error-state";

interface PartBoundaryProps {
  /** What the part is: "This viewer". */
  readonly what: string;
  readonly children: ReactNode;
}

interface Trouble {
  readonly message: string;
  /** The part itself did not arrive; only the page as a whole can ask for it again. */
  readonly isUnfetched: boolean;
}

export class PartBoundary extends Component<PartBoundaryProps, { readonly trouble: Trouble | null }> {
  override state: { readonly trouble: Trouble | null } = { trouble: null };

  static getDerivedStateFromError(error: unknown): { readonly trouble: Trouble } {
    const text = error instanceof Error ? error.message : String(error);
    const isUnfetched = /chunk|dynamically imported|failed to fetch/i.test(text);
    const message = isUnfetched
      ? "It did not arrive. Check that Penstock is running, then load the page again."
      : `It broke on what it was to show: ${text}`;
    return { trouble: { message, isUnfetched } };
  }

  override render() {
    const { trouble } = this.state;
    const { what, children } = this.props;
    if (trouble === null) return children;
    const again = () => (trouble.isUnfetched ? location.reload() : this.setState({ trouble: null }));
    return <ErrorState title={`${what} cannot be shown`} message={trouble.message} onRetry={again} />;
  }
}
