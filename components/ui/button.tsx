/** Buttons and links that look like them; one that cannot act stays reachable and says why. */
"use client";

import Link from "next/link";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";
import type { Side } from "./tooltip-store";

type Look = "primary" | "secondary" | "ghost" | "danger";
type Size = "sm" | "md";

const LOOKS: { readonly [look in Look]: string } = {
  primary: "border-transparent bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover",
  secondary: "border-line-strong bg-surface text-ink not-aria-disabled:hover:bg-hover",
  ghost:
    "border-transparent bg-transparent text-dim aria-disabled:border-transparent aria-disabled:bg-transparent not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink",
  danger: "border-transparent bg-danger text-on-danger not-aria-disabled:hover:bg-danger-hover",
};

const SIZES: { readonly [size in Size]: string } = {
  sm: "h-7 gap-1.5 px-2 text-xs",
  md: "h-8 gap-2 px-3 text-sm",
};

/** The classes of a button, for what cannot be one. */
export function buttonClass(look: Look = "secondary", size: Size = "md", className?: string): string {
  return cn(
    "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors duration-100",
    "[&_svg]:size-4 [&_svg]:shrink-0 aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-faint",
    SIZES[size],
    LOOKS[look],
    className,
  );
}

interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  readonly look?: Look;
  readonly size?: Size;
  /** Why it cannot be pressed now; the button stays focusable and shows the reason. */
  readonly reason?: ReactNode;
  /** A command is under way: the button waits and ignores presses. */
  readonly busy?: boolean;
}

export function Button({
  look = "secondary",
  size = "md",
  reason,
  busy = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const blocked = busy || Boolean(reason);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <Tooltip content={reason}>
      <button
        {...rest}
        type={type}
        aria-disabled={blocked || undefined}
        aria-busy={busy || undefined}
        onClick={press}
        className={buttonClass(look, size, className)}
      >
        {busy ? <Spinner /> : null}
        {children}
      </button>
    </Tooltip>
  );
}

/** A square button that shows only a picture; `label` names it for everyone. */
export function IconButton({
  label,
  size = "md",
  look = "ghost",
  className,
  children,
  reason,
  tipSide,
  ...rest
}: Omit<ButtonProps, "aria-label" | "busy"> & {
  readonly label: string;
  /** Where its tooltip stands, so that it covers nothing that is pressed next; above by itself. */
  readonly tipSide?: Side;
}) {
  return (
    <Tooltip content={reason ?? label} {...(tipSide && { side: tipSide })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-disabled={Boolean(reason) || undefined}
        onClick={reason ? (event) => event.preventDefault() : rest.onClick}
        className={buttonClass(look, size, cn(size === "sm" ? "w-7 px-0" : "w-8 px-0", className))}
      >
        {children}
      </button>
    </Tooltip>
  );
}

export function ButtonLink({
  look = "secondary",
  size = "md",
  className,
  ...rest
}: ComponentProps<typeof Link> & { readonly look?: Look; readonly size?: Size }) {
  return <Link {...rest} className={buttonClass(look, size, className)} />;
}
