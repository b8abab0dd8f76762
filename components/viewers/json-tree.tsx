/** A JSON value as a tree whose branches open one by one; long ones a part at a time. */
"use client";

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { JsonValue } from "@/pipelines/graph";

/** Children that are shown at once. */
const PART = 100;
const LONGEST = 2_000;

const isBranch = (value: JsonValue): value is JsonValue[] | { [key: string]: JsonValue } =>
  typeof value === "object" && value !== null;

const TONES: { readonly [type: string]: string } = {
  string: "text-succeeded",
  number: "text-running",
  boolean: "text-cached",
  object: "text-faint",
};

function Leaf({ value }: { readonly value: Exclude<JsonValue, object> }) {
  const text = JSON.stringify(value);
  return (
    <span className={cn("[overflow-wrap:anywhere]", TONES[typeof value])}>
      {text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length.toLocaleString("en")} characters)` : text}
    </span>
  );
}

function Branch({
  name,
  value,
  isOpen: opensOpen,
}: {
  readonly name: string | null;
  readonly value: JsonValue[] | { [key: string]: JsonValue };
  readonly isOpen: boolean;
}) {
  const [isOpen, setOpen] = useState(opensOpen);
  const [shown, setShown] = useState(PART);
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-6 items-center gap-1 rounded-sm text-left hover:bg-hover"
      >
        <ChevronRight aria-hidden className={cn("size-3.5 shrink-0 text-faint", isOpen && "rotate-90")} />
        {name === null ? null : <span className="text-dim [overflow-wrap:anywhere]">{name}:</span>}
        <span className="text-faint">{isOpen ? open : `${open} ${entries.length} ${close}`}</span>
      </button>
      {isOpen ? (
        <ul className="ml-1.5 border-l pl-3">
          {entries.slice(0, shown).map(([key, child]) =>
            isBranch(child) ? (
              <Branch key={key} name={key} value={child} isOpen={false} />
            ) : (
              <li key={key} className="min-h-6 pl-4.5">
                <span className="text-dim [overflow-wrap:anywhere]">{key}: </span>
                <Leaf value={child} />
              </li>
            ),
          )}
          {shown < entries.length ? (
            <li>
              <Button size="sm" look="ghost" onClick={() => setShown(shown + PART)}>
                Show {Math.min(PART, entries.length - shown)} more of {entries.length}
              </Button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </li>
  );
}

export function JsonTree({ name, value }: { readonly name: string; readonly value: JsonValue }) {
  return (
    <section
      aria-label={`Tree of ${name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
      tabIndex={0}
      className="scroll-thin max-h-112 overflow-auto"
    >
      <ul aria-label={`Contents of ${name}`} className="font-mono text-xs leading-5">
        {isBranch(value) ? (
          <Branch name={null} value={value} isOpen />
        ) : (
          <li>
            <Leaf value={value} />
          </li>
        )}
      </ul>
    </section>
  );
}
