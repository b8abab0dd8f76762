/** The form of a new run: every value with its own control, and a start that cannot happen twice. */
"use client";

import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { type FieldErrors, useForm } from "react-hook-form";
import { useModKey } from "@/components/keys/mod-key";
import { useKeys } from "@/components/keys/use-keys";
import { Section } from "@/components/layout/page";
import { ProblemList } from "@/components/pipelines/problem-list";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorSummary, type FieldError } from "@/components/ui/error-summary";
import { Kbd } from "@/components/ui/kbd";
import type { VersionView } from "@/server/domain/views";
import { draftKey, dropDraft, readDraft, withDraft } from "./draft";
import { DraftKeeper, DraftLine } from "./draft-line";
import { PartLine, Refusals } from "./form-notes";
import {
  initialValues,
  type Prefill,
  placeProblems,
  type RunFormValues,
  type RunPart,
  readValues,
  startOptions,
  valueErrors,
} from "./form-values";
import { LivePreview } from "./live-preview";
import { newKey } from "./new-key";
import { ParametersSection } from "./parameters-section";
import { PARAMETERS_TEXT_ID } from "./parameters-text-id";
import { RunOptions } from "./run-options";
import { RunPlace } from "./run-place";
import { useUnsavedGuard } from "./use-unsaved-guard";

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
  const mod = useModKey();
  const trpc = useTRPC();
  const router = useRouter();
  const [idempotencyKey] = useState(newKey);
  const [round, setRound] = useState(0);
  const [summary, setSummary] = useState<readonly FieldError[]>([]);
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
      onError: (error) => {
        const { atFields } = placeProblems(specs, callProblem(error).problems);
        setSummary(atFields);
        setRound((before) => before + 1);
      },
    }),
  );
  const pipeline = useQuery(
    trpc.pipelines.get.queryOptions(version.pipeline === null ? skipToken : { id: version.pipeline.id }),
  );
  const isLeaving = useCallback(() => leaving.current, []);
  useUnsavedGuard(() => formState.isDirty && !leaving.current);

  const refusal = version.refusals[0];
  const refuse = (errors: FieldErrors<RunFormValues>) => {
    const name = errors.name?.message;
    setSummary([
      ...(name ? [{ fieldId: "run-name", label: "Name", message: name }] : []),
      ...valueErrors(specs, form.getValues("parameters")),
    ]);
    create.reset();
    setRound((before) => before + 1);
  };
  const start = form.handleSubmit((values) => {
    setSummary([]);
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
    setSummary([{ fieldId: PARAMETERS_TEXT_ID, label: "Parameters", message: textProblem.current }]);
    create.reset();
    setRound((before) => before + 1);
  };
  /** The form of a recurring run, with what was filled in here. */
  const schedule = () => {
    const { experimentId, parameters } = form.getValues();
    const address = new URLSearchParams({
      pipeline: version.pipeline?.id ?? "",
      ...(experimentId === null ? {} : { experiment: experimentId }),
      parameters: JSON.stringify(readValues(specs, parameters)),
    });
    router.push(`/recurring-runs/new?${address}`);
  };
  useKeys({ "mod+Enter": submit });

  const failed = create.error ? callProblem(create.error) : null;
  const others = failed ? placeProblems(specs, failed.problems).others : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="grid flex-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,34rem)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-5">
          {refusal ? <Refusals version={version} /> : null}
          {round > 0 && (summary.length > 0 || failed) ? (
            <ErrorSummary title={failed?.message ?? "The run cannot start like this"} errors={summary} round={round}>
              {others.length > 0 ? <ProblemList problems={others} label="What the server said" /> : null}
            </ErrorSummary>
          ) : null}
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
            errors={summary}
            onChanged={(id) => setSummary((before) => before.filter((each) => each.fieldId !== id))}
            onTextProblem={(problem) => {
              textProblem.current = problem;
            }}
          >
            {change}
          </ParametersSection>
          <Section title="Options">
            <div className="pt-1">
              <RunOptions control={control} pipelineCache={pipeline.data?.cache ?? "use"} />
            </div>
          </Section>
        </div>
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
      </div>
      <div className="sticky bottom-0 z-10 -mx-6 mt-6 flex items-center gap-3 border-t bg-surface px-6 py-3 max-md:-mx-4 max-md:px-4">
        <Button
          type="submit"
          look="primary"
          busy={create.isPending || create.isSuccess}
          reason={refusal ? `This version cannot run: ${refusal.message}` : undefined}
        >
          Start run
        </Button>
        {version.pipeline === null || part !== null ? null : (
          <Button onClick={schedule}>
            <CalendarClock />
            On a schedule
          </Button>
        )}
        <ButtonLink look="ghost" href={version.pipeline ? `/pipelines/${version.pipeline.id}` : "/runs"}>
          Leave
        </ButtonLink>
        <span className="ml-auto flex items-center gap-1 text-xs text-faint max-md:hidden">
          <Kbd>{mod}</Kbd>
          <Kbd>Enter</Kbd> starts it
        </span>
      </div>
    </form>
  );
}
