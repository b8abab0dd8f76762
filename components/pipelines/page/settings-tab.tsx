/** How runs of a pipeline go about it unless they say otherwise: their profile, reuse of results, how files pass on. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { FileMode } from "@/server/domain/views/runs";

const MODES: readonly { readonly mode: FileMode; readonly label: string; readonly hint: string }[] = [
  {
    mode: "shared",
    label: "Shared",
    hint: "All steps of a run work in one directory, so a file that one leaves is there for every later one, declared or not. Results of such steps are never reused.",
  },
  {
    mode: "isolated",
    label: "Isolated",
    hint: "Every step works in a directory of its own and sees what it declares: its dependencies and the declared outputs of the steps before it. Results can be reused.",
  },
];

function useUpdate(pipeline: PipelineSummary) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const key = trpc.pipelines.get.queryKey({ id: pipeline.id });
  return useMutation(
    trpc.pipelines.update.mutationOptions({
      onMutate: (change) => {
        const before = queryClient.getQueryData(key);
        if (before !== undefined) {
          const { fileMode = before.fileMode, cache = before.cache, profile = before.profile } = change;
          queryClient.setQueryData(key, { ...before, fileMode, cache, profile });
        }
        return { before };
      },
      onError: (error, _, context) => {
        if (context?.before !== undefined) queryClient.setQueryData(key, context.before);
        toast({ tone: "error", title: "It was not saved", description: callProblem(error).message });
      },
      onSettled: () => void queryClient.invalidateQueries(trpc.pipelines.pathFilter()),
    }),
  );
}

function Forget({ pipeline }: { readonly pipeline: PipelineSummary }) {
  const trpc = useTRPC();
  const forget = useMutation(
    trpc.pipelines.forgetCache.mutationOptions({
      onSuccess: ({ forgotten }) =>
        toast({
          title: forgotten === 1 ? "1 result forgotten" : `${forgotten.toLocaleString("en")} results forgotten`,
          description: "What earlier runs left stays with them; it is not reused any more.",
        }),
      onError: (error) =>
        toast({ tone: "error", title: "Nothing was forgotten", description: callProblem(error).message }),
    }),
  );
  return (
    <Button size="sm" busy={forget.isPending} onClick={() => forget.mutate({ id: pipeline.id })}>
      Forget all results so far
    </Button>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="mb-8">
      <h2 className="mb-2 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** The profile of runs that name none. */
function UsualProfile({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (name: string | null) => void;
}) {
  const trpc = useTRPC();
  const { data: profiles } = useQuery(trpc.profiles.list.queryOptions());
  const preset = profiles?.find(({ isDefault }) => isDefault)?.name;
  const names = (profiles ?? []).map(({ name }) => name);
  const isGone = value !== null && profiles !== undefined && !names.includes(value);
  const offered = value === null || names.includes(value) ? names : [...names, value];
  return (
    <Field
      id="pipeline-profile"
      label="Profile"
      hint="Of runs that name none, recurring ones and those of other programs too. Runs that exist keep theirs."
      error={isGone ? `There is no profile ${value} any more, so such runs are refused. Choose another.` : undefined}
    >
      {(attributes) => (
        <Select
          {...attributes}
          value={value ?? ""}
          placeholder={preset === undefined ? "The default one" : `The default one (${preset})`}
          options={offered.map((name) => ({ value: name, label: name }))}
          onValueChange={(name) => onChange(name === "" ? null : name)}
        />
      )}
    </Field>
  );
}

export function SettingsTab({ pipeline }: { readonly pipeline: PipelineSummary }) {
  const update = useUpdate(pipeline);
  const { id } = pipeline;
  return (
    <div className="max-w-2xl">
      <Part title="Where its runs go">
        <div className="max-w-xs">
          <UsualProfile value={pipeline.profile} onChange={(profile) => update.mutate({ id, profile })} />
        </div>
      </Part>
      <Part title="Reuse of results">
        <div className="flex items-start gap-3">
          <Switch
            id="pipeline-cache"
            checked={pipeline.cache === "use"}
            aria-describedby="pipeline-cache-hint"
            onCheckedChange={(on) => update.mutate({ id, cache: on ? "use" : "ignore" })}
          />
          <div>
            <label htmlFor="pipeline-cache" className="text-sm font-medium">
              Reuse results of earlier runs
            </label>
            <p id="pipeline-cache-hint" className="mb-3 text-xs text-dim">
              A run can say otherwise when it is created, for all of its steps or for some.
            </p>
            <Forget pipeline={pipeline} />
          </div>
        </div>
      </Part>
      {pipeline.format === "elyra" ? (
        <Part title="Files between steps">
          <fieldset className="flex flex-col gap-3">
            <legend className="sr-only">How files pass between steps</legend>
            {MODES.map(({ mode, label, hint }) => (
              <label key={mode} className="flex items-start gap-2 text-sm">
                <input
                  type="radio"
                  name="file-mode"
                  checked={pipeline.fileMode === mode}
                  onChange={() => update.mutate({ id, fileMode: mode })}
                  className="mt-1 accent-(--accent)"
                />
                <span>
                  <span className="font-medium">{label}</span>
                  <span className="block text-xs text-dim">{hint}</span>
                </span>
              </label>
            ))}
          </fieldset>
        </Part>
      ) : null}
    </div>
  );
}
