/** The moments at which a log grew, read only while times are shown. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type LogTimes, NO_TIMES, parseLogTimes } from "@/server/domain/log-times";
import { logUrl } from "./log-source";

async function readTimes(task: number, attempt: number, signal: AbortSignal): Promise<LogTimes> {
  const response = await fetch(`${logUrl(task, attempt)}-times`, { signal, cache: "no-store" });
  return response.ok ? parseLogTimes(await response.text()) : NO_TIMES;
}

export function useLogTimes(task: number, attempt: number, isOver: boolean, isShown: boolean): LogTimes {
  const { data } = useQuery({
    queryKey: ["log-times", task, attempt, isOver],
    queryFn: ({ signal }) => readTimes(task, attempt, signal),
    enabled: isShown,
    staleTime: isOver ? Number.POSITIVE_INFINITY : 0,
    refetchInterval: isOver ? false : 2_000,
    placeholderData: keepPreviousData,
  });
  return data ?? NO_TIMES;
}
