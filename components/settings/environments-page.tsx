/** The Python environments that steps share, and what they take of the disk. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Package } from "lucide-react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format-time";
import { toast } from "@/components/ui/toast";
import type { EnvironmentView } from "@/server/domain/views/surroundings";
import { EnvironmentList } from "./environment-list";
import { Loaded } from "./loaded";
import { SettingsFrame } from "./settings-frame";

const LOOK_MS = 5_000;

function sizeInWords(environments: readonly EnvironmentView[]): string {
  const bytes = environments.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return `${environments.length} ${environments.length === 1 ? "environment takes" : "environments take"} ${formatBytes(bytes)}.`;
}

export function EnvironmentsPage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  // Steps build and use them all the time and nothing announces it: a look now and then is enough here.
  const query = useQuery(trpc.environments.list.queryOptions(undefined, { refetchInterval: LOOK_MS }));
  const remove = useMutation(
    trpc.environments.remove.mutationOptions({
      onSuccess: () => toast({ title: "Environment removed", description: "A step that needs it builds it again." }),
      onError: (error) =>
        toast({ tone: "error", title: "It was not removed", description: callProblem(error).message }),
      onSettled: () => void queryClient.invalidateQueries(trpc.environments.pathFilter()),
    }),
  );
  return (
    <SettingsFrame
      title="Python environments"
      note={`Built once for each interpreter and set of packages, and shared by all steps. ${query.data?.length ? sizeInWords(query.data) : ""}`}
    >
      <Loaded query={query} what="environments">
        {(environments) =>
          environments.length === 0 ? (
            <EmptyState icon={<Package />} title="No environments yet">
              The first Python step that asks for packages builds one; <code>penstock envs add</code> makes one ahead of
              time.
            </EmptyState>
          ) : (
            <EnvironmentList
              environments={environments}
              onRemove={(key) => remove.mutate({ key })}
              removing={remove.isPending ? remove.variables.key : null}
            />
          )
        }
      </Loaded>
    </SettingsFrame>
  );
}
