/** A row of a comparison's table: its name, with the goal of a metric, and a cell for every run. */
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import type { ComparisonView } from "@/server/domain/views/compare";
import type { ShownRow } from "../rows/comparison";
import { goalOf } from "../rows/value-rows";
import type { ComparedRunActions } from "../use-compared-runs";
import { CellContent, GoalButton } from "./cells";
import { LINE } from "./sizes";

interface RowLineProps {
  readonly shown: ShownRow;
  readonly index: number;
  readonly view: ComparisonView;
  readonly baseline: number;
  readonly activeColumn: number | null;
  readonly actions: ComparedRunActions;
}

/** Drawn anew only when its row, its place or the focus in it changes. */
export const RowLine = memo(
  function RowLine({ shown: { row }, index, view, baseline, activeColumn, actions }: RowLineProps) {
    const tab = (column: number) => ({
      "data-place": `${index} ${column}`,
      tabIndex: activeColumn === column ? 0 : -1,
    });
    const pipelineNames = [...new Set(view.runs.map((run) => run.pipelineName))];
    return (
      <tr aria-rowindex={index + 2} style={{ height: LINE }} className="group">
        <th
          scope="row"
          {...tab(0)}
          className="sticky left-0 z-10 h-8 border-r border-b border-b-line/60 bg-surface px-3 text-left font-normal -outline-offset-2 group-hover:bg-hover"
        >
          <span className="flex min-w-0 items-center gap-1.5">
            <span className="min-w-0 truncate" title={row.name}>
              {row.name}
            </span>
            {row.note === null ? null : (
              <span className="min-w-0 shrink-[2] truncate text-xs text-faint" title={row.note}>
                {row.note}
              </span>
            )}
            {row.metric === undefined ? null : (
              <span className="ml-auto flex">
                <GoalButton
                  metric={row.metric}
                  goal={goalOf(view, pipelineNames[0] ?? "", row.metric)}
                  onPress={(goal) => actions.setGoal(pipelineNames, row.metric ?? "", goal)}
                />
              </span>
            )}
          </span>
        </th>
        {row.cells.map((cell, place) => (
          <td
            key={view.runs[place]?.id ?? place}
            {...tab(place + 1)}
            className={cn(
              "h-8 overflow-hidden border-b border-b-line/60 px-3 -outline-offset-2 group-hover:bg-hover",
              place === baseline && "bg-selected/50",
            )}
          >
            <CellContent cell={cell} />
          </td>
        ))}
      </tr>
    );
  },
  (a, b) =>
    a.shown.row === b.shown.row &&
    a.index === b.index &&
    a.view === b.view &&
    a.baseline === b.baseline &&
    a.activeColumn === b.activeColumn,
);
