/** A choice of few: the browser's own list, which is right on every device and for every reader. */
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { controlClass } from "./input";

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

export function Select({
  options,
  placeholder,
  onValueChange,
  className,
  ...rest
}: Omit<ComponentProps<"select">, "children" | "onChange"> & {
  readonly options: readonly SelectOption[];
  /** Shown while nothing is chosen. */
  readonly placeholder?: string;
  readonly onValueChange: (value: string) => void;
}) {
  return (
    <span className={cn("relative inline-block w-full", className)}>
      <select
        {...rest}
        onChange={(event) => onValueChange(event.target.value)}
        className={controlClass(cn("h-8 appearance-none truncate pr-8", rest.value === "" && "text-dim"))}
      >
        {placeholder === undefined ? null : <option value="">{placeholder}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-faint" />
    </span>
  );
}
