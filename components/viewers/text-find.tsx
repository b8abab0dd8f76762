/** A text in which one can find: all places are marked, and keys lead from one to the next. */
"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { Fragment, type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { findInText } from "@/components/logs/log-search";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";

/** More marks than this say nothing and cost much. */
const MOST_MARKS = 1_000;

export function TextFind({ name, text }: { readonly name: string; readonly text: string }) {
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLElement>(null);
  const found = useMemo(() => (wanted === "" ? [] : findInText(text, wanted).slice(0, MOST_MARKS)), [text, wanted]);
  const current = found.length === 0 ? -1 : ((at % found.length) + found.length) % found.length;
  useEffect(() => {
    if (current >= 0) box.current?.querySelector(`[data-mark="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    setAt(current + (event.shiftKey ? -1 : 1));
  };
  const many = found.length === MOST_MARKS ? `${MOST_MARKS}+` : String(found.length);
  return (
    <div>
      <div className="mb-1 flex items-center gap-1">
        <Input
          type="search"
          aria-label={`Find in ${name}`}
          placeholder="Find"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
          className="h-7 w-44 text-xs"
        />
        <span role="status" className="px-1 text-xs text-dim">
          {wanted === "" ? "" : found.length === 0 ? "not found" : `${current + 1} of ${many}`}
        </span>
        {found.length > 1 ? (
          <>
            <IconButton size="sm" label="Place before" onClick={() => setAt(current - 1)}>
              <ChevronUp />
            </IconButton>
            <IconButton size="sm" label="Next place" onClick={() => setAt(current + 1)}>
              <ChevronDown />
            </IconButton>
          </>
        ) : null}
      </div>
      <section
        ref={box}
        aria-label={`Text of ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-96 overflow-auto"
      >
        <pre className="text-xs leading-5 whitespace-pre-wrap">
          {found.map(({ from, to }, mark) => (
            <Fragment key={from}>
              {text.slice(found[mark - 1]?.to ?? 0, from)}
              <mark
                data-mark={mark}
                className={cn("rounded-xs", mark === current ? "bg-accent text-on-accent" : "bg-queued-soft text-ink")}
              >
                {text.slice(from, to)}
              </mark>
            </Fragment>
          ))}
          {text.slice(found.at(-1)?.to ?? 0) || (text === "" ? "An empty file." : "")}
        </pre>
      </section>
    </div>
  );
}
