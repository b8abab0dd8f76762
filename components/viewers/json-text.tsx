/** A JSON value as text: short ones on one line, long ones indented and cut with a way to see all. */
"use client";

import { useState } from "react";
import { cn } from "@/components/ui/cn";
import type { JsonValue } from "@/pipelines/graph";

const INLINE = 72;
const SHOWN = 1_500;

export function JsonText({ value, className }: { readonly value: JsonValue; readonly className?: string }) {
  const [isWhole, setWhole] = useState(false);
  const compact = JSON.stringify(value);
  const text = typeof value === "string" ? value : compact.length <= INLINE ? compact : JSON.stringify(value, null, 2);
  const isCut = text.length > SHOWN && !isWhole;
  return (
    <div className={cn("font-mono text-xs leading-5", className)}>
      {text === "" ? <span className="text-faint">empty text</span> : null}
      <span className="[overflow-wrap:anywhere] whitespace-pre-wrap">{isCut ? `${text.slice(0, SHOWN)}…` : text}</span>
      {isCut ? (
        <button type="button" onClick={() => setWhole(true)} className="ml-2 text-accent hover:underline">
          Show all {text.length.toLocaleString("en")} characters
        </button>
      ) : null}
    </div>
  );
}
