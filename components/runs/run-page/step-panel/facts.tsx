/** Pairs of a word and what it stands for, and the small heads between them: the panel's building blocks. */
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import type { NoticeView } from "@/server/domain/views/runs";

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-dim">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

export function Head({
  children,
  aside,
  className,
}: {
  readonly children: ReactNode;
  readonly aside?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={cn("mt-5 mb-1.5 flex items-center gap-2 first:mt-0", className)}>
      <h3 className="text-xs font-medium text-faint">{children}</h3>
      {aside}
    </div>
  );
}

/** The run's remarks on a step under a head of their own; nothing where there are none. */
export function Notices({ title, notices }: { readonly title: string; readonly notices: readonly NoticeView[] }) {
  if (notices.length === 0) return null;
  return (
    <>
      <Head>{title}</Head>
      <ul className="list-disc pl-4 text-sm text-dim">
        {notices.map((notice) => (
          <li key={`${notice.code} ${notice.message}`}>{notice.message}</li>
        ))}
      </ul>
    </>
  );
}

/** What scrolls inside a tab of the panel. */
export function PanelBody({ children }: { readonly children: ReactNode }) {
  return <div className="scroll-thin h-full overflow-y-auto px-4 py-3">{children}</div>;
}
