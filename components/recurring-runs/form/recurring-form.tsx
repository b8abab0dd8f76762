/** The form of a recurring run, new or to be changed: the rule at the left, what it comes to at the right. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { Controller, type FieldErrors, useForm, useWatch } from "react-hook-form";
import { Section } from "@/components/layout/page";
import { FormShell } from "@/components/run-inputs/form-shell";
import { newKey } from "@/components/run-inputs/new-key";
import { valueErrors } from "@/components/run-inputs/parameter-values";
import { useTries } from "@/components/run-inputs/use-tries";
import { useUnsavedGuard } from "@/components/run-inputs/use-unsaved-guard";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import type { FieldError } from "@/components/ui/error-summary";
import { SwitchField } from "@/components/ui/switch-field";
import type { VersionView } from "@/server/domain/views/pipelines";
import {
  type Beginning,
  capProblem,
  initialValues,
  isEndWrong,
  placedProblems,
  type RecurringFormValues,
  savedRequest,
  scheduleRequest,
} from "./form-values";
import { IdentityFields, OptionFields } from "./option-fields";
import { ParameterList } from "./parameter-list";
import { PolicyFields } from "./policy-fields";
import { RecurringSnippets } from "./recurring-snippets";
import { ScheduleFields } from "./schedule-fields";
import { SchedulePreview, useSchedulePreview } from "./schedule-preview";

interface RecurringFormProps {
  /** The version whose parameters are filled in. */
  readonly version: VersionView;
  readonly pipelineId: string;
  /** Null follows the latest version. */
  readonly versionId: string | null;
  readonly beginning: Beginning;
  /** The id of the one that is changed; null makes a new one. */
  readonly editedId: string | null;
  /** The choice of pipeline and version; it is given what was typed, so that another version keeps it. */
  readonly picker: (current: () => RecurringFormValues) => ReactNode;
}

export function RecurringForm({ version, pipelineId, versionId, beginning, editedId, picker }: RecurringFormProps) {
  const specs = version.graph.parameters;
  const trpc = useTRPC();
  const { recurringRuns } = useTRPCClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [idempotencyKey] = useState(newKey);
  const tries = useTries();
  const leaving = useRef(false);
  const form = useForm<RecurringFormValues>({
    defaultValues: initialValues(specs, beginning),
    mode: "onTouched",
    shouldFocusError: false,
  });
  const { control, formState } = form;
  const values = useWatch({ control }) as RecurringFormValues;
  const isEndBad = isEndWrong(values);
  const isReady = values.rule.trim() !== "" && !isEndBad && capProblem(values.maxConcurrency) === undefined;
  const asked = { ...scheduleRequest(values), pipelineId, ...(editedId === null ? {} : { id: editedId }) };
  const preview = useSchedulePreview(isReady ? asked : null);
  const ruleProblem = preview.problem?.problems.find(({ place }) => place.startsWith("trigger"))?.message;
  useUnsavedGuard(() => formState.isDirty && !leaving.current);

  const save = useMutation({
    mutationFn: (sent: RecurringFormValues) => {
      const source = versionId === null ? { pipelineId } : { pipelineId, versionId };
      const request = { ...savedRequest(specs, sent), ...source };
      const { isEnabled, ...change } = request;
      return editedId === null
        ? recurringRuns.create.mutate({ ...request, idempotencyKey })
        : recurringRuns.update.mutate({ ...change, id: editedId });
    },
    onSuccess: ({ id }) => {
      leaving.current = true;
      void queryClient.invalidateQueries(trpc.recurringRuns.pathFilter());
      router.push(`/recurring-runs/${id}`);
    },
    onError: (error) => tries.fail(placedProblems(callProblem(error).problems).atFields),
  });
  const refuse = (errors: FieldErrors<RecurringFormValues>) => {
    const told = (fieldId: string, label: string, message: string | undefined): FieldError[] =>
      message === undefined ? [] : [{ fieldId, label, message }];
    save.reset();
    tries.fail([
      ...told("recurring-name", "Name", errors.name?.message),
      ...told("rule-text", "Schedule", errors.rule?.message ?? ruleProblem),
      ...told("recurring-end", "End", errors.end?.message),
      ...told("recurring-cap", "Runs at once", errors.maxConcurrency?.message),
      ...valueErrors(specs, form.getValues("parameters")),
    ]);
  };
  const send = form.handleSubmit((sent) => {
    tries.clear();
    save.mutate(sent);
  }, refuse);
  const submit = () => {
    if (!save.isPending && !save.isSuccess) void send();
  };
  const failed = save.error ? callProblem(save.error) : null;
  return (
    <FormShell
      tries={tries}
      failed={failed}
      others={failed ? placedProblems(failed.problems).others : []}
      refusal="This cannot be saved yet"
      onSubmit={submit}
      submitLabel={editedId === null ? "Create recurring run" : "Save changes"}
      keysDo="saves it"
      isBusy={save.isPending || save.isSuccess}
      reason={ruleProblem === undefined ? undefined : `The schedule cannot be read: ${ruleProblem}`}
      leaveHref={editedId === null ? "/recurring-runs" : `/recurring-runs/${editedId}`}
      aside={
        <div className="flex min-w-0 flex-col gap-6 lg:sticky lg:top-0 lg:self-start">
          <SchedulePreview preview={preview} isReady={isReady} trigger={asked.trigger} />
          {editedId === null ? (
            <RecurringSnippets request={savedRequest(specs, values)} pipelineId={pipelineId} versionId={versionId} />
          ) : null}
        </div>
      }
    >
      {picker(() => form.getValues())}
      <IdentityFields control={control} />
      <Section title="Schedule">
        <ScheduleFields
          control={control}
          setValue={form.setValue}
          ruleProblem={ruleProblem}
          isStarted={editedId !== null}
        />
      </Section>
      <Section title="Overlap and catch-up">
        <div className="pt-1">
          <PolicyFields control={control} />
        </div>
      </Section>
      <ParameterList control={control} specs={specs} />
      <Section title="Options">
        <OptionFields control={control} pipelineId={pipelineId} />
      </Section>
      {editedId === null ? (
        <Controller
          control={control}
          name="isEnabled"
          render={({ field }) => (
            <SwitchField
              id="recurring-enabled"
              label="Enable it at once"
              hint="Off: nothing is due until somebody enables it."
              checked={field.value}
              onChange={field.onChange}
            />
          )}
        />
      ) : null}
    </FormShell>
  );
}
