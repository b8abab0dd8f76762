/** What the pages of the settings share: their title and the way from one to the next. */
"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { type Crumb, Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { cn } from "@/components/ui/cn";

const GENERAL = { href: "/settings", label: "General" };
const SECTIONS: readonly { readonly href: string; readonly label: string }[] = [
  GENERAL,
  { href: "/settings/profiles", label: "Profiles" },
  { href: "/settings/secrets", label: "Secrets" },
  { href: "/settings/volumes", label: "Volumes" },
  { href: "/settings/tokens", label: "API tokens" },
  { href: "/settings/storage", label: "Storage and trash" },
  { href: "/settings/environments", label: "Python environments" },
];

const isWithin = (href: string, pathname: string): boolean =>
  pathname === href || (href !== "/settings" && pathname.startsWith(`${href}/`));

export function SettingsFrame({
  title,
  after,
  note,
  actions,
  crumbs = [],
  children,
}: {
  readonly title: string;
  /** After the title: badges. */
  readonly after?: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** Below the section. */
  readonly crumbs?: readonly Crumb[];
  readonly children: ReactNode;
}) {
  const pathname = usePathname();
  const within = SECTIONS.find(({ href }) => isWithin(href, pathname)) ?? GENERAL;
  return (
    <Page>
      <Crumbs
        items={[
          { label: "Settings", href: "/settings" },
          { label: within.label, ...(crumbs.length > 0 && { href: within.href }) },
          ...crumbs,
        ]}
      />
      <nav
        aria-label="Settings"
        className="scroll-thin -mx-6 -mt-2 flex shrink-0 gap-1 overflow-x-auto overflow-y-hidden border-b px-6 max-md:-mx-4 max-md:px-4"
      >
        {SECTIONS.map(({ href, label }) => {
          const isCurrent = isWithin(href, pathname);
          return (
            <Link
              key={href}
              href={href}
              aria-current={isCurrent ? "page" : undefined}
              className={cn(
                "-mb-px flex h-9 shrink-0 items-center border-b-2 border-transparent px-3 text-sm font-medium text-dim -outline-offset-2 hover:text-ink",
                isCurrent && "border-accent text-ink",
              )}
            >
              {label}
            </Link>
          );
        })}
      </nav>
      <PageTitle title={title} after={after} note={note} actions={actions} />
      {children}
    </Page>
  );
}
