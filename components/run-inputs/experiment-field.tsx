/** The experiment of the runs that a form makes: one that is there, or one that is made on the spot. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ExperimentPicker } from "@/components/experiments/experiment-picker";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Field } from "@/components/ui/field";

export function ExperimentField({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  /** Null for the default one. */
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.experiments.create.mutationOptions({
      onSuccess: (experiment) => {
        queryClient.setQueryData(trpc.experiments.get.queryKey({ id: experiment.id }), experiment);
        void queryClient.invalidateQueries(trpc.experiments.list.pathFilter());
        onChange(experiment.id);
      },
    }),
  );
  return (
    <Field
      id={id}
      label="Experiment"
      error={create.error ? `It was not made: ${callProblem(create.error).message}` : undefined}
    >
      {(attributes) => (
        <ExperimentPicker
          {...attributes}
          className="w-full"
          value={value}
          placeholder={create.isPending ? `Making ${create.variables.name} …` : "Default"}
          clearLabel="Default"
          onValueChange={(chosen) => {
            create.reset();
            onChange(chosen);
          }}
          onCreate={(name) => create.mutate({ name })}
        />
      )}
    </Field>
  );
}
