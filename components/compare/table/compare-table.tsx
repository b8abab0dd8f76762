/** The table of a comparison: sections that fold, head and first column that stay, rows that exist while they are in view. */
"use client";

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import type { ComparisonView } from "@/server/domain/views/compare";
import type { SectionName } from "../compare-url";
import type { SectionHead, ShownRow } from "../rows/comparison";
import { RunHead } from "../run-head";
import type { ComparedRunActions } from "../use-compared-runs";
import { nextPlace, type Place } from "./grid-focus";
import { RowLine } from "./row-line";
import { SectionLine } from "./section-line";
import { HEAD, LINE, NAME_WIDTH, RUN_WIDTH } from "./sizes";

interface CompareTableProps {
  readonly view: ComparisonView;
  readonly lines: readonly (SectionHead | ShownRow)[];
  readonly baseline: number;
  readonly actions: ComparedRunActions;
  readonly onFold: (section: SectionName) => void;
}

export function CompareTable({ view, lines, baseline, actions, onFold }: CompareTableProps) {
  const router = useRouter();
  const scroller = useRef<HTMLElement>(null);
  const [active, setActive] = useState<Place>({ line: 0, column: 0 });
  const moves = useRef(false);
  const line = Math.min(active.line, Math.max(0, lines.length - 1));
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 4,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return shown.includes(line) || line >= lines.length ? shown : [...shown, line].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => {
    if (!moves.current) return;
    moves.current = false;
    virtual.scrollToIndex(line);
    const cellAt = (column: number) =>
      scroller.current?.querySelector<HTMLElement>(`[data-place="${line} ${column}"]`) ?? null;
    // The line of a section is one cell across all columns.
    const cell = cellAt(active.column) ?? cellAt(0);
    cell?.focus({ preventScroll: true });
    if (active.column > 0) cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [line, active.column, virtual]);

  const press = (event: KeyboardEvent) => {
    const cell = event.target instanceof HTMLElement ? event.target.dataset.place : undefined;
    if (cell === undefined || event.altKey) return;
    const [at = 0, own = 0] = cell.split(" ").map(Number);
    const column = lines[at]?.kind === "head" ? active.column : own;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (event.target instanceof HTMLElement) event.target.querySelector<HTMLElement>("a, button")?.click();
      return;
    }
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD) / LINE) - 1);
    const to = nextPlace(
      event.key,
      event.ctrlKey || event.metaKey,
      { line: at, column },
      { lines: lines.length, columns: view.runs.length + 1, page },
    );
    if (to === null) return;
    event.preventDefault();
    moves.current = true;
    setActive(to);
  };

  /** Links of cells stay within the application, unless they are wanted in another tab. */
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-source]") : null;
    const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (link === null || isElsewhere) return;
    event.preventDefault();
    router.push(link.getAttribute("href") ?? "/runs");
  };

  const items = virtual.getVirtualItems();
  const spans = view.runs.length + 1;
  const spaces = spacesBetween(
    items.map(({ index }) => index),
    lines.length,
  );
  return (
    <section
      ref={scroller}
      aria-label="Comparison"
      className="scroll-thin relative min-h-0 flex-1 scroll-pt-[60px] scroll-pl-[232px] overflow-auto border-t max-md:scroll-pl-36"
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked by arrow keys
        role="grid"
        aria-label="Runs side by side"
        aria-rowcount={lines.length + 1}
        aria-colcount={spans}
        onKeyDown={press}
        onClick={follow}
        style={{ minWidth: NAME_WIDTH + view.runs.length * RUN_WIDTH }}
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
      >
        <colgroup>
          <col style={{ width: NAME_WIDTH }} className="max-md:w-36!" />
          {view.runs.map((run) => (
            <col key={run.id} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1} style={{ height: HEAD }}>
            <th
              scope="col"
              className="sticky top-0 left-0 z-30 border-r border-b bg-surface px-3 text-left align-middle"
            >
              <span className="sr-only">What is compared</span>
            </th>
            {view.runs.map((run, place) => (
              <th
                key={run.id}
                scope="col"
                className={cn(
                  "sticky top-0 z-20 border-b bg-surface px-3 align-middle",
                  place === baseline && "bg-selected",
                )}
              >
                <RunHead
                  run={run}
                  place={place}
                  count={view.runs.length}
                  isBaseline={place === baseline}
                  actions={actions}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.flatMap((item, at) => {
            const shown = lines[item.index];
            const space = spaces[at] ?? 0;
            if (shown === undefined) return [];
            const activeColumn = item.index === line ? active.column : null;
            return [
              <Space key={`before ${item.key}`} columns={spans} lines={space} />,
              shown.kind === "head" ? (
                <SectionLine
                  key={item.key}
                  head={shown}
                  index={item.index}
                  columns={spans}
                  isActive={activeColumn !== null}
                  onFold={onFold}
                />
              ) : (
                <RowLine
                  key={item.key}
                  shown={shown}
                  index={item.index}
                  view={view}
                  baseline={baseline}
                  activeColumn={activeColumn}
                  actions={actions}
                />
              ),
            ];
          })}
          <Space columns={spans} lines={spaces.at(-1) ?? 0} />
        </tbody>
      </table>
    </section>
  );
}

/** Lines that do not exist before each that does, and after the last. */
function spacesBetween(indexes: readonly number[], count: number): readonly number[] {
  const before = indexes.map((index, at) => index - (indexes[at - 1] ?? -1) - 1);
  return [...before, count - 1 - (indexes.at(-1) ?? -1)];
}

function Space({ columns, lines }: { readonly columns: number; readonly lines: number }): ReactNode {
  return lines === 0 ? null : (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height: lines * LINE, padding: 0 }} />
    </tr>
  );
}
