/** The inside of a page: its title row with the few main actions, then its content. */
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export function Page({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <div className={cn("flex min-h-full flex-col gap-4 px-6 pt-5 pb-10 max-md:px-4 max-md:pt-4", className)}>
      {children}
    </div>
  );
}

export function PageTitle({
  title,
  before,
  after,
  note,
  actions,
}: {
  readonly title: ReactNode;
  /** Before the name: a state. */
  readonly before?: ReactNode;
  /** After the name: badges. */
  readonly after?: ReactNode;
  /** Under the name. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
      {/* A name alone leaves room for an action beside it, also on a phone. */}
      <div className={cn("min-w-0 flex-1", before || after || note ? "basis-64" : "basis-40")}>
        <div className="flex min-h-8 flex-wrap items-center gap-x-2.5 gap-y-1">
          {before}
          <h1 className="min-w-0 text-xl font-semibold [overflow-wrap:anywhere]">{title}</h1>
          {after}
        </div>
        {note ? <div className="mt-0.5 text-sm text-dim">{note}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </div>
  );
}

export function Section({
  title,
  aside,
  children,
  className,
}: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <section className={cn("min-w-0", className)}>
      <div className="flex min-h-8 items-center gap-3">
        <h2 className="text-base font-semibold">{title}</h2>
        {aside ? <div className="ml-auto flex items-center gap-2 text-sm">{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}
