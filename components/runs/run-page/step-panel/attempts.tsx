/** Every try of a task, newest first, each a door to its log. */
import { Button } from "@/components/ui/button";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/time";
import type { AttemptView } from "@/server/domain/views";
import { RunStatus } from "../../run-status";
import { PanelBody } from "./facts";

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
      <ol className="flex flex-col gap-2">
        {[...attempts].reverse().map((attempt) => (
          <li key={attempt.number} className="rounded-md border border-line px-3 py-2">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <span className="font-medium">Attempt {attempt.number}</span>
              <RunStatus state={attempt.state} />
              <Duration from={attempt.startedAt} to={attempt.finishedAt} className="text-dim" />
              <span className="text-xs text-dim">
                <RelativeTime at={attempt.startedAt ?? attempt.createdAt} />
              </span>
              {attempt.exitCode === null ? null : (
                <span className="font-mono text-xs text-dim">exit code {attempt.exitCode}</span>
              )}
              <Button size="sm" className="ml-auto" onClick={() => onLog(attempt.number)}>
                Log · {formatBytes(attempt.logSize)}
              </Button>
            </div>
            {attempt.reason === null ? null : (
              <p className="mt-1 text-sm text-dim [overflow-wrap:anywhere]">{attempt.reason.message}</p>
            )}
          </li>
        ))}
      </ol>
    </PanelBody>
  );
}
