/** A line diff as text: signs and colours, numbers of both sides, folds with how many lines they hide. */
import { cn } from "@/components/ui/cn";
import type { DiffLine, LineDiff } from "./diff-lines";

/** More lines than anybody reads in a page. */
const MOST_LINES = 2_000;

const LOOKS = {
  same: { sign: " ", words: "", className: "" },
  removed: { sign: "−", words: "removed: ", className: "bg-failed-soft" },
  added: { sign: "+", words: "added: ", className: "bg-succeeded-soft" },
} as const;

const numbers = (line: DiffLine): readonly (number | null)[] => {
  switch (line.kind) {
    case "same":
      return [line.from, line.to];
    case "removed":
      return [line.from, null];
    case "added":
      return [null, line.to];
    case "folded":
      return [];
  }
};

function Line({ line }: { readonly line: DiffLine }) {
  if (line.kind === "folded") {
    return (
      <li className="bg-sunken px-3 text-dim">
        {line.count} equal {line.count === 1 ? "line" : "lines"}
      </li>
    );
  }
  const { sign, words, className } = LOOKS[line.kind];
  return (
    <li className={cn("flex w-fit min-w-full", className)}>
      {numbers(line).map((number, side) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the two sides
          key={side}
          aria-hidden
          className="w-11 shrink-0 pr-2 text-right text-dim select-none"
        >
          {number}
        </span>
      ))}
      <span aria-hidden className="w-5 shrink-0 text-center select-none">
        {sign}
      </span>
      {words === "" ? null : <span className="sr-only">{words}</span>}
      <span className="pr-3 whitespace-pre">{line.text || " "}</span>
    </li>
  );
}

export function DiffText({ diff, label }: { readonly diff: LineDiff | null; readonly label: string }) {
  if (diff === null) {
    return <p className="text-sm text-dim">These texts differ too much for a comparison line by line.</p>;
  }
  if (diff.added === 0 && diff.removed === 0)
    return <p className="text-sm text-dim">Both are the same, line by line.</p>;
  const shown = diff.lines.slice(0, MOST_LINES);
  return (
    <div className="min-w-0">
      <p role="status" className="mb-1 text-xs text-dim">
        {diff.removed} {diff.removed === 1 ? "line" : "lines"} removed, {diff.added} added
        {shown.length < diff.lines.length ? `; the first ${MOST_LINES.toLocaleString("en")} lines are shown` : ""}
      </p>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-[70vh] overflow-auto rounded-md border bg-code font-mono text-xs leading-5"
      >
        <ol className="w-fit min-w-full py-1">
          {shown.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            <Line key={at} line={line} />
          ))}
        </ol>
      </section>
    </div>
  );
}
