/** The log of one attempt for a component: read by range, kept up to date by the live stream, by polling where that fails. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { useChanges } from "@/components/trpc/live";
import type { LogGrowth } from "@/server/domain/views/changes";
import { LogReader, type LogState } from "./log-reader";
import { httpLogSource } from "./log-source";

const POLL_MS = 2_000;

function addedOf({ added }: LogGrowth): { readonly offset: number; readonly bytes: Uint8Array } | null {
  return added === undefined
    ? null
    : { offset: added.from, bytes: Uint8Array.from(atob(added.base64), (character) => character.charCodeAt(0)) };
}

/** Opens at `line`, else at the end; another log needs another component. `isOver`: nothing will be added any more. */
export function useLog(
  task: number,
  attempt: number,
  isOver: boolean,
  line: number | null,
): { readonly reader: LogReader; readonly log: LogState } {
  const [reader] = useState(() => new LogReader(httpLogSource(task, attempt)));
  const log = useSyncExternalStore(reader.subscribe, reader.state, reader.state);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the line opens a log, it does not follow clicks in it
  useEffect(() => {
    void reader.open(line);
    return () => reader.close();
  }, [reader]);

  useChanges([`log:${task}/${attempt}`], (change) => {
    if (change.log !== undefined) void reader.grow(change.log.size, addedOf(change.log));
  });

  useEffect(() => {
    // Once more after the end: the last bytes may have come after the last report.
    void reader.poll();
    if (isOver) return;
    const timer = setInterval(() => void reader.poll(), POLL_MS);
    return () => clearInterval(timer);
  }, [reader, isOver]);

  return { reader, log };
}
