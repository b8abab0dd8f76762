/** The shape of what will come; it shows only when the answer takes longer than 200 ms. */
import { cn } from "./cn";

export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden="true" className={cn("h-4 animate-late rounded-sm bg-hover", className)} />;
}

/** Lines of a list that is on its way. */
export function SkeletonRows({ rows = 6, label = "Loading" }: { readonly rows?: number; readonly label?: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 py-3">
      {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key, index) => (
        <div key={key} className="flex gap-4">
          <Skeleton className="w-24" />
          <Skeleton className={index % 2 ? "w-1/3" : "w-1/2"} />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  );
}
