/** A page or list with nothing in it: says what would be here and offers the first step. */
import type { ReactNode } from "react";
import { cn } from "./cn";

export function EmptyState({
  icon,
  title,
  children,
  actions,
  className,
}: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={cn("mx-auto flex max-w-lg flex-col items-center gap-2 px-4 py-12 text-center", className)}>
      {icon ? (
        <div aria-hidden className="mb-1 text-faint [&_svg]:size-8 [&_svg]:stroke-[1.5]">
          {icon}
        </div>
      ) : null}
      <p className="text-base font-medium">{title}</p>
      {children ? <div className="text-sm text-balance text-dim">{children}</div> : null}
      {actions ? <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
