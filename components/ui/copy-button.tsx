/** Puts a text on the clipboard and says so. */
"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { buttonClass } from "./button";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

export function CopyButton({
  text,
  label = "Copy",
  className,
}: {
  readonly text: string;
  /** Names what is copied: "Copy run id". */
  readonly label?: string;
  readonly className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Tooltip content={copied ? "Copied" : label}>
        <button
          type="button"
          aria-label={label}
          onClick={(event) => {
            event.stopPropagation();
            void navigator.clipboard.writeText(text).then(() => setCopied(true));
          }}
          className={buttonClass("ghost", "sm", cn("w-7 px-0", className))}
        >
          {copied ? <Check className="text-succeeded" /> : <Copy />}
        </button>
      </Tooltip>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
