/** What all attempts of a run took together. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { formatBytes, formatDuration } from "@/components/ui/format-time";
import { Fact, Facts, Head } from "./step-panel/facts";

export function RunUsage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.runs.usage.queryOptions({ id }));
  useRefresh([`run:${id}`], [trpc.runs.usage.queryFilter({ id })], 3000);
  if (data === undefined || data.attempts === 0) return null;
  const { attempts, ranMs, cpuMs, peakBytes, bytesIn, bytesOut } = data;
  return (
    <>
      <Head>What it took</Head>
      <Facts>
        <Fact name="Attempts">{attempts.toLocaleString("en")}</Fact>
        <Fact name="Steps ran">{formatDuration(ranMs)} added up</Fact>
        {cpuMs === null ? null : <Fact name="CPU time">{formatDuration(cpuMs)}</Fact>}
        {peakBytes === null ? null : <Fact name="Peak memory">{formatBytes(peakBytes)} in one step</Fact>}
        {bytesIn === null && bytesOut === null ? null : (
          <Fact name="Artifacts">
            {formatBytes(bytesIn ?? 0)} in, {formatBytes(bytesOut ?? 0)} out
          </Fact>
        )}
      </Facts>
    </>
  );
}
