/** Makes an experiment. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { SNIPPETS } from "@/server/domain/snippets";

export function NewExperimentPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [wasTried, setWasTried] = useState(false);
  const create = useMutation(
    trpc.experiments.create.mutationOptions({
      onSuccess: (experiment) => {
        void queryClient.invalidateQueries(trpc.experiments.pathFilter());
        router.push(`/experiments/${experiment.id}`);
      },
    }),
  );
  const isEmpty = name.trim() === "";
  return (
    <Page className="max-w-xl">
      <Crumbs items={[{ label: "Experiments", href: "/experiments" }, { label: "Create" }]} />
      <PageTitle title="Create experiment" note="An experiment groups runs of any pipelines." />
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setWasTried(true);
          if (isEmpty) document.getElementById("experiment-name")?.focus();
          else if (!create.isPending && !create.isSuccess) create.mutate({ name, description });
        }}
      >
        {create.error ? (
          <ErrorState title="The experiment was not created" message={callProblem(create.error).message} />
        ) : null}
        <Field id="experiment-name" label="Name" required error={wasTried && isEmpty ? "Give it a name." : undefined}>
          {(control) => (
            <Input {...control} value={name} maxLength={128} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field id="experiment-description" label="Description">
          {(control) => (
            <Textarea {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
          )}
        </Field>
        <div className="flex gap-2">
          <Button type="submit" look="primary" busy={create.isPending || create.isSuccess}>
            Create experiment
          </Button>
          <ButtonLink look="ghost" href="/experiments">
            Leave
          </ButtonLink>
          <CopyAsButton
            isNamed
            of="this experiment"
            choices={[
              { label: "Create", snippets: (origin) => SNIPPETS.createExperiment(origin, { name, description }) },
            ]}
          />
        </div>
      </form>
    </Page>
  );
}
