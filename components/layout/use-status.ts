/** The installation's load, kept fresh; it also sets the page's clock to the server's. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { setServerNow } from "@/components/ui/clock";

export function useStatus() {
  const trpc = useTRPC();
  return useQuery(trpc.system.status.queryOptions(undefined, { refetchInterval: 10_000 }));
}

/** Mounted once, in the shell. */
export function useStatusUpdates(): void {
  const trpc = useTRPC();
  const { data } = useStatus();
  useRefresh(["runs", "system"], [trpc.system.status.queryFilter()], 1000);
  useEffect(() => {
    if (data) setServerNow(data.now);
  }, [data]);
}
