/** Every try of a task beside each other, newest first: how it ended, what it took, and the door to its log. */
import { Button } from "@/components/ui/button";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes, formatDuration } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/time";
import type { AttemptView } from "@/server/domain/views/attempts";
import { RunStatus } from "../../run-status";
import { PanelBody } from "./facts";

const orDash = (value: number | null, text: (value: number) => string): string => (value === null ? "–" : text(value));

const COLUMNS: readonly (readonly [label: string, text: (attempt: AttemptView) => string])[] = [
  ["CPU", (attempt) => orDash(attempt.cpuMs, formatDuration)],
  ["Peak memory", (attempt) => orDash(attempt.peakBytes, formatBytes)],
  ["In", (attempt) => orDash(attempt.bytesIn, formatBytes)],
  ["Out", (attempt) => orDash(attempt.bytesOut, formatBytes)],
  ["Exit", (attempt) => orDash(attempt.exitCode, String)],
];

const HEAD = "py-1 pr-4 text-right text-xs font-medium whitespace-nowrap text-faint";
const CELL = "py-1.5 pr-4 text-right font-mono text-xs whitespace-nowrap";

function Attempt({ attempt, onLog }: { readonly attempt: AttemptView; readonly onLog: (attempt: number) => void }) {
  return (
    <tbody className="border-t border-line">
      <tr>
        <th scope="row" className="py-1.5 pr-4 text-left text-sm font-medium">
          {attempt.number}
        </th>
        <td className="py-1.5 pr-4">
          <RunStatus state={attempt.state} reason={attempt.reason} />
        </td>
        <td className={CELL}>
          <Duration from={attempt.createdAt} to={attempt.startedAt ?? attempt.finishedAt} />
        </td>
        <td className={CELL}>
          <Duration from={attempt.startedAt} to={attempt.finishedAt} />
        </td>
        {COLUMNS.map(([label, text]) => (
          <td key={label} className={CELL}>
            {text(attempt)}
          </td>
        ))}
        <td className="py-1.5 pr-4 text-xs whitespace-nowrap text-dim">
          <RelativeTime at={attempt.startedAt ?? attempt.createdAt} />
        </td>
        <td className="py-1.5 text-right">
          <Button size="sm" onClick={() => onLog(attempt.number)}>
            Log · {formatBytes(attempt.logSize)}
          </Button>
        </td>
      </tr>
      {attempt.reason === null ? null : (
        <tr>
          <td />
          <td colSpan={COLUMNS.length + 5} className="pb-2 text-sm text-dim [overflow-wrap:anywhere]">
            {attempt.reason.message}
          </td>
        </tr>
      )}
    </tbody>
  );
}

export function Attempts({
  attempts,
  onLog,
}: {
  readonly attempts: readonly AttemptView[];
  readonly onLog: (attempt: number) => void;
}) {
  if (attempts.length === 0) {
    return (
      <EmptyState title="Not tried yet">
        An attempt is made when a step slot is free and everything before it is done.
      </EmptyState>
    );
  }
  return (
    <PanelBody>
      <div className="scroll-thin overflow-x-auto">
        <table aria-label="Attempts" className="w-full">
          <thead>
            <tr>
              <th scope="col" className={`${HEAD} text-left`}>
                #
              </th>
              <th scope="col" className={`${HEAD} text-left`}>
                State
              </th>
              {["Began after", "Ran", ...COLUMNS.map(([label]) => label)].map((label) => (
                <th key={label} scope="col" className={HEAD}>
                  {label}
                </th>
              ))}
              <th scope="col" className={`${HEAD} text-left`}>
                Started
              </th>
              <th scope="col" className={HEAD}>
                <span className="sr-only">Log</span>
              </th>
            </tr>
          </thead>
          {[...attempts].reverse().map((attempt) => (
            <Attempt key={attempt.number} attempt={attempt} onLog={onLog} />
          ))}
        </table>
      </div>
      <p className="mt-2 text-xs text-faint">A dash stands for what this machine could not measure.</p>
    </PanelBody>
  );
}
