/** The data of the run page: read once, kept true by the stream, a heard state on screen with the next frame. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { useChanges } from "@/components/trpc/live";
import { useRefresh } from "@/components/trpc/use-refresh";
import { serverNow } from "@/components/ui/clock";
import type { ChangeView } from "@/server/domain/views/changes";
import type { EarlierRunsView } from "@/server/domain/views/earlier-runs";
import type { RunView } from "@/server/domain/views/runs";
import { hear, layOver, NOTHING_HEARD, type Overlay } from "./live-overlay";

const LARGE_PAUSE_MS = 1500;

function useOverlay(id: string): Overlay {
  const [overlay, setOverlay] = useState(NOTHING_HEARD);
  const waiting = useRef<ChangeView[]>([]);
  const frame = useRef(0);
  const flush = () => {
    frame.current = 0;
    if (waiting.current.length === 0) return;
    const changes = waiting.current;
    waiting.current = [];
    setOverlay((known) => hear(known, changes, new Date(serverNow()).toISOString()));
    // Hundreds of steps may move between two frames: what follows the first waits for the next frame, together.
    frame.current = requestAnimationFrame(flush);
  };
  useChanges([`run:${id}`], (change) => {
    waiting.current.push(change);
    if (frame.current === 0) flush();
  });
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return overlay;
}

/** The run as it is now. `run` is undefined until it was read once. */
export function useRun(id: string) {
  const trpc = useTRPC();
  const query = useQuery(trpc.runs.get.queryOptions({ id }));
  const overlay = useOverlay(id);
  const { data } = query;
  // A run with thousands of iterations is in motion all the time and dear to read: its sums may be a moment old.
  const pauseMs = (data?.tasksLeftOut ?? 0) > 0 ? LARGE_PAUSE_MS : undefined;
  useRefresh(
    [`run:${id}`],
    [trpc.runs.get.queryFilter({ id }), trpc.tasks.get.queryFilter(), trpc.tasks.find.queryFilter()],
    pauseMs,
  );
  const run = useMemo<RunView | undefined>(
    () => (data === undefined ? undefined : layOver(data, overlay)),
    [data, overlay],
  );
  return { run, error: query.error, refetch: query.refetch };
}

/** What the runs of its pipeline before this one tell of it; they do not change. Undefined until it was read. */
export function useEarlierRuns(id: string): EarlierRunsView | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.runs.earlier.queryOptions({ id }, { staleTime: Number.POSITIVE_INFINITY })).data;
}

/** The version that the run executes; it never changes. */
export function useRunVersion(versionId: string | undefined) {
  const trpc = useTRPC();
  return useQuery(
    trpc.pipelines.versionById.queryOptions(
      { versionId: versionId ?? "" },
      { enabled: versionId !== undefined, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
}
