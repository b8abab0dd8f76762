/** The way around: a column that folds to icons, and on a phone a bar at the bottom. */
"use client";

import { PanelLeft } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { compareHref, useTray } from "@/components/compare/tray";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";
import { MorePlacesButton } from "./header-buttons";
import { Mark } from "./mark";
import { isWithin, PLACES } from "./places";
import { useStatus } from "./use-status";

function RunningCount({ folded }: { readonly folded: boolean }) {
  const { data } = useStatus();
  if (!data || data.running === 0) return null;
  return (
    <span
      className={cn(
        "ml-auto flex items-center gap-1 text-xs text-running",
        folded && "absolute top-0.5 right-0.5 ml-0 rounded-full bg-sunken px-0.5",
      )}
    >
      <span className="font-medium">{data.running}</span>
      <span className="sr-only"> running</span>
      {folded ? null : <StateIcon shape="running" className="size-3.5" />}
    </span>
  );
}

/** How many runs are put aside to be compared. */
function TrayCount({ count, folded }: { readonly count: number; readonly folded: boolean }) {
  if (count === 0) return null;
  return (
    <span
      className={cn(
        "ml-auto text-xs font-medium",
        folded && "absolute top-0.5 right-0.5 ml-0 rounded-full bg-sunken px-0.5",
      )}
    >
      {count}
      <span className="sr-only"> put aside</span>
    </span>
  );
}

export function Sidebar({ folded, onFold }: { readonly folded: boolean; readonly onFold: () => void }) {
  const pathname = usePathname();
  const tray = useTray();
  return (
    <div
      className={cn(
        "flex shrink-0 flex-col border-r bg-sunken transition-[width] duration-150 max-md:hidden",
        folded ? "w-14" : "w-52",
      )}
    >
      <Link
        href="/"
        aria-label="Penstock, home"
        className="flex h-12 items-center gap-2.5 px-4 font-semibold -outline-offset-2"
      >
        <Mark />
        {folded ? null : <span className="text-base tracking-tight">Penstock</span>}
      </Link>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5 px-2 pt-1">
        {PLACES.map((place) => {
          const isCurrent = isWithin(place.href, pathname);
          const isTray = place.href === "/compare";
          return (
            <Tooltip key={place.href} content={folded ? place.label : undefined} side="right">
              <Link
                href={isTray ? compareHref(tray.ids) : place.href}
                aria-current={isCurrent ? "page" : undefined}
                className={cn(
                  "relative flex h-8 items-center gap-2.5 rounded-md px-3 text-sm font-medium text-dim hover:bg-hover hover:text-ink",
                  isCurrent && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
                )}
              >
                <place.icon aria-hidden className="size-4 shrink-0" />
                <span className={folded ? "sr-only" : undefined}>{place.label}</span>
                {place.href === "/runs" ? <RunningCount folded={folded} /> : null}
                {isTray ? <TrayCount count={tray.ids.length} folded={folded} /> : null}
              </Link>
            </Tooltip>
          );
        })}
      </nav>
      <Tooltip content={folded ? "Unfold the sidebar" : undefined} side="right">
        <button
          type="button"
          onClick={onFold}
          aria-label={folded ? "Unfold the sidebar" : "Fold the sidebar"}
          className="m-2 flex h-8 items-center gap-2.5 rounded-md px-3 text-sm text-faint hover:bg-hover hover:text-ink"
        >
          <PanelLeft aria-hidden className="size-4" />
        </button>
      </Tooltip>
    </div>
  );
}

const BAR_ENTRY =
  "relative flex h-14 flex-1 flex-col items-center justify-center gap-1 text-2xs font-medium text-dim -outline-offset-2";

export function BottomBar() {
  const pathname = usePathname();
  const current = PLACES.find(({ href }) => isWithin(href, pathname));
  return (
    <nav aria-label="Main" className="flex shrink-0 border-t bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden">
      {PLACES.filter((place) => !place.isWideOnly).map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={place === current ? "page" : undefined}
          className={cn(BAR_ENTRY, place === current && "text-accent")}
        >
          <place.icon aria-hidden className="size-5" />
          {place.label}
        </Link>
      ))}
      <MorePlacesButton className={cn(BAR_ENTRY, current?.isWideOnly && "text-accent")} />
    </nav>
  );
}
