/** The thin line at the foot: how busy the installation is; red when the engine is down. */
"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { formatBytes } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/time";
import { useStatus } from "./use-status";

const LOW_DISK_BYTES = 2_000_000_000;

/** The steps that hold the slots, or wait for one; the panel of each says why. */
const tasksIn = (state: "running" | "queued"): string =>
  `/executions?${new URLSearchParams({ filter: `state = ${state}` })}`;

export function StatusLine() {
  const { data: status, isError } = useStatus();
  if (isError && !status)
    return <Trouble>The server does not answer. The page goes on by itself once it is back.</Trouble>;
  if (!status) return <Line>&nbsp;</Line>;
  if (!status.engine.alive) {
    return (
      <Trouble>
        The engine is down
        {status.engine.lastSeenAt ? (
          <>
            {" "}
            (last seen <RelativeTime at={status.engine.lastSeenAt} />)
          </>
        ) : null}
        . Nothing new starts until it is back; everything else works.
      </Trouble>
    );
  }
  const isFull = status.slots.used >= status.slots.total;
  return (
    <Line className="max-md:hidden">
      <Link href={tasksIn("running")} className={cn("hover:underline", isFull && "text-ink")}>
        slots {status.slots.used}/{status.slots.total}
      </Link>
      <Link href={tasksIn("queued")} className="hover:text-ink hover:underline">
        queue {status.queued}
      </Link>
      <span className={status.diskFreeBytes < LOW_DISK_BYTES ? "font-medium text-failed" : undefined}>
        disk {formatBytes(status.diskFreeBytes)} free
      </span>
      <Link href="/api-reference" className="ml-auto hover:text-ink hover:underline">
        API reference
      </Link>
      <span className="text-faint">Penstock {status.version}</span>
    </Line>
  );
}

function Line({ children, className }: { readonly children: React.ReactNode; readonly className?: string }) {
  return (
    <footer
      className={cn(
        "flex h-7 shrink-0 items-center gap-4 border-t bg-sunken px-4 text-xs text-dim max-md:hidden",
        className,
      )}
    >
      {children}
    </footer>
  );
}

function Trouble({ children }: { readonly children: React.ReactNode }) {
  return (
    <footer
      role="status"
      className="flex min-h-7 shrink-0 items-center gap-2 border-t border-failed bg-failed-soft px-4 py-1 text-xs font-medium text-failed"
    >
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <span>{children}</span>
    </footer>
  );
}
