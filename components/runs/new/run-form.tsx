/** The form of a new run: every value with its own control, and a start that cannot happen twice. */
"use client";

import { useMutation } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { type FieldErrors, useForm } from "react-hook-form";
import { Section } from "@/components/layout/page";
import { FormShell } from "@/components/run-inputs/form-shell";
import { newKey } from "@/components/run-inputs/new-key";
import { readValues, valueErrors } from "@/components/run-inputs/parameter-values";
import { useTries } from "@/components/run-inputs/use-tries";
import { useUnsavedGuard } from "@/components/run-inputs/use-unsaved-guard";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { tagsOf } from "@/components/ui/tag-fields";
import type { VersionView } from "@/server/domain/views/pipelines";
import { draftKey, dropDraft, readDraft, withDraft } from "./draft";
import { DraftKeeper, DraftLine } from "./draft-line";
import { PartLine, Refusals } from "./form-notes";
import {
  initialValues,
  type Prefill,
  placeProblems,
  type RunFormValues,
  type RunPart,
  startOptions,
} from "./form-values";
import { LivePreview } from "./live-preview";
import { ParametersSection } from "./parameters-section";
import { PARAMETERS_TEXT_ID } from "./parameters-text-id";
import { RunOptions } from "./run-options";
import { RunPlace } from "./run-place";

interface RunFormProps {
  readonly version: VersionView;
  readonly prefill: Prefill;
  readonly clonedFrom: string | null;
  readonly part: RunPart | null;
  /** What another version was given before is in the prefill already. */
  readonly isCarried: boolean;
  /** What this version takes differently from the one that the values are of. */
  readonly change: ReactNode;
  /** Takes the choice of a part back. */
  readonly onWhole: () => void;
  /** The choice of pipeline and version; it is given what was typed so far, so that another version keeps it. */
  readonly picker: (current: () => RunFormValues) => ReactNode;
}

export function RunForm(props: RunFormProps) {
  const { version, prefill, clonedFrom, part, isCarried, change, onWhole, picker } = props;
  const specs = version.graph.parameters;
  const trpc = useTRPC();
  const router = useRouter();
  const [idempotencyKey] = useState(newKey);
  const tries = useTries();
  const leaving = useRef(false);
  const textProblem = useRef<string | null>(null);
  const key = draftKey(version.pipeline?.id ?? version.id, clonedFrom, part?.kind, part?.step);
  const [draft] = useState(() => (isCarried ? null : readDraft(key, Date.now())));
  const [clean] = useState(() => initialValues(specs, prefill));
  const form = useForm<RunFormValues>({
    defaultValues: clean,
    mode: "onTouched",
    shouldFocusError: false,
  });
  const { control, formState } = form;
  useEffect(() => {
    if (draft !== null) form.reset(withDraft(clean, specs, draft), { keepDefaultValues: true });
  }, [draft, form, clean, specs]);
  const create = useMutation(
    trpc.runs.create.mutationOptions({
      onSuccess: (run) => {
        leaving.current = true;
        dropDraft(key);
        router.push(`/runs/${run.id}`);
      },
      onError: (error) => tries.fail(placeProblems(specs, callProblem(error).problems).atFields),
    }),
  );
  const isLeaving = useCallback(() => leaving.current, []);
  useUnsavedGuard(() => formState.isDirty && !leaving.current);

  const refusal = version.refusals[0];
  const refuse = (errors: FieldErrors<RunFormValues>) => {
    const name = errors.name?.message;
    create.reset();
    tries.fail([
      ...(name ? [{ fieldId: "run-name", label: "Name", message: name }] : []),
      ...valueErrors(specs, form.getValues("parameters")),
    ]);
  };
  const start = form.handleSubmit((values) => {
    tries.clear();
    create.mutate({
      ...startOptions({ id: version.id, parameters: specs }, values, part, clonedFrom),
      idempotencyKey,
      ...(values.name.trim() ? { name: values.name.trim() } : {}),
      ...(values.description.trim() ? { description: values.description.trim() } : {}),
      ...(values.experimentId ? { experimentId: values.experimentId } : {}),
      ...(clonedFrom ? { clonedFrom } : {}),
    });
  }, refuse);
  const submit = () => {
    if (refusal || create.isPending || create.isSuccess) return;
    if (textProblem.current === null) return void start();
    create.reset();
    tries.fail([{ fieldId: PARAMETERS_TEXT_ID, label: "Parameters", message: textProblem.current }]);
  };
  /** The form of a recurring run, with what was filled in here. */
  const schedule = () => {
    const { experimentId, parameters, profile, priority, cache, tags, description } = form.getValues();
    const address = new URLSearchParams({
      pipeline: version.pipeline?.id ?? "",
      ...(experimentId === null ? {} : { experiment: experimentId }),
      ...(profile === null ? {} : { profile }),
      ...(priority === 0 ? {} : { priority: String(priority) }),
      ...(cache === null ? {} : { cache }),
      ...(description.trim() === "" ? {} : { description: description.trim() }),
      ...(tags.length === 0 ? {} : { tags: JSON.stringify(tagsOf(tags)) }),
      parameters: JSON.stringify(readValues(specs, parameters)),
    });
    router.push(`/recurring-runs/new?${address}`);
  };
  const failed = create.error ? callProblem(create.error) : null;
  return (
    <FormShell
      tries={tries}
      failed={failed}
      others={failed ? placeProblems(specs, failed.problems).others : []}
      refusal="The run cannot start like this"
      before={refusal ? <Refusals version={version} /> : null}
      onSubmit={submit}
      submitLabel="Start run"
      keysDo="starts it"
      isBusy={create.isPending || create.isSuccess}
      reason={refusal ? `This version cannot run: ${refusal.message}` : undefined}
      leaveHref={version.pipeline ? `/pipelines/${version.pipeline.id}` : "/runs"}
      more={
        version.pipeline === null || part !== null ? null : (
          <Button onClick={schedule}>
            <CalendarClock />
            On a schedule
          </Button>
        )
      }
      aside={
        <LivePreview
          control={control}
          version={version}
          part={part}
          clonedFrom={clonedFrom}
          onMayReuse={(step, mayReuse) => {
            const off = form.getValues("cacheOff").filter((each) => each !== step);
            form.setValue("cacheOff", mayReuse ? off : [...off, step], { shouldDirty: true });
          }}
        />
      }
    >
      {draft === null ? null : (
        <DraftLine
          at={draft.at}
          onDiscard={() => {
            form.reset(clean);
            dropDraft(key);
          }}
        />
      )}
      <DraftKeeper draftKey={key} specs={specs} control={control} isDone={isLeaving} />
      {picker(() => form.getValues())}
      <RunPlace control={control} />
      {part === null ? null : <PartLine version={version} part={part} onWhole={onWhole} />}
      <ParametersSection
        specs={specs}
        pipelineId={version.pipeline?.id ?? null}
        form={form}
        errors={tries.errors}
        onChanged={tries.mended}
        onTextProblem={(problem) => {
          textProblem.current = problem;
        }}
      >
        {change}
      </ParametersSection>
      <Section title="Options">
        <RunOptions control={control} pipelineId={version.pipeline?.id ?? null} />
      </Section>
    </FormShell>
  );
}
