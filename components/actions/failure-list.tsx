/** What could not be changed and why, as messages and windows show it. */
import { cn } from "@/components/ui/cn";
import type { FailedTarget } from "./outcome";

/** Each by its name; a long list scrolls. */
export function FailureList({
  failed,
  className,
}: {
  readonly failed: readonly FailedTarget[];
  readonly className?: string;
}) {
  return (
    <ul className={cn("scroll-thin mt-1 max-h-32 overflow-auto", className)}>
      {failed.map(({ id, name, message }) => (
        <li key={id}>
          {name}: {message}
        </li>
      ))}
    </ul>
  );
}
