/** The search of a list: `/` reaches it, the URL follows it while one types. */
"use client";

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useKeys } from "@/components/keys/use-keys";
import { buttonClass } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";

const PAUSE_MS = 180;

export function SearchField({
  value,
  onChange,
  label,
  className,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
  readonly className?: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  // What is typed but not yet in the URL; null when the URL says it all.
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      onChange(draft);
      setDraft(null);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, onChange]);
  useKeys({ "/": () => input.current?.focus() });
  const text = draft ?? value;
  return (
    <div className={cn("relative w-64 max-md:w-full", className)}>
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
      <Input
        ref={input}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setDraft("");
          input.current?.blur();
        }}
        className="pr-8 pl-8"
      />
      {text ? (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => setDraft("")}
          className={buttonClass("ghost", "sm", "absolute top-0.5 right-0.5 w-7 px-0")}
        >
          <X />
        </button>
      ) : null}
    </div>
  );
}
