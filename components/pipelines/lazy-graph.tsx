/** The drawn graph, fetched only where one is shown. */
"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

export const LazyGraph = dynamic(
  () => import("@/components/graph/pipeline-graph").then((module) => module.PipelineGraphView),
  {
    ssr: false,
    loading: () => <Skeleton className="h-full w-full rounded-md" />,
  },
);
