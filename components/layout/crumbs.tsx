/** Where the page stands: the trail in the header and the title of the tab, told by the page itself. */
"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { Fragment, useEffect, useSyncExternalStore } from "react";

export interface Crumb {
  readonly label: string;
  /** Absent for the page itself. */
  readonly href?: string;
}

let trail: readonly Crumb[] = [];
const none: readonly Crumb[] = [];
const listeners = new Set<() => void>();

function setTrail(next: readonly Crumb[]): void {
  trail = next;
  for (const listener of listeners) listener();
}

/** Put once into a page: shows the trail in the header and names the tab. */
export function Crumbs({ items }: { readonly items: readonly Crumb[] }) {
  const key = JSON.stringify(items);
  useEffect(() => {
    const crumbs = JSON.parse(key) as readonly Crumb[];
    setTrail(crumbs);
    return () => setTrail(none);
  }, [key]);
  return <title>{[...items.map((crumb) => crumb.label).reverse(), "Penstock"].join(" · ")}</title>;
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The header's side of it. */
export function CrumbTrail() {
  const crumbs = useSyncExternalStore(
    listen,
    () => trail,
    () => none,
  );
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center gap-1 text-sm">
        {crumbs.map((crumb, index) => (
          <Fragment key={`${crumb.href ?? ""}${crumb.label}`}>
            {index > 0 ? (
              <li aria-hidden className="text-faint max-md:hidden">
                <ChevronRight className="size-3.5" />
              </li>
            ) : null}
            <li className={index === crumbs.length - 1 ? "min-w-0 truncate" : "shrink-0 max-md:hidden"}>
              {crumb.href === undefined ? (
                <span aria-current="page" className="text-ink">
                  {crumb.label}
                </span>
              ) : (
                <Link href={crumb.href} className="rounded-sm text-dim hover:text-ink">
                  {crumb.label}
                </Link>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}
