/** The form of a new run: every value with its own control, and a start that cannot happen twice. */
"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Controller, type FieldErrors, useForm, useWatch } from "react-hook-form";
import { ExperimentPicker } from "@/components/experiments/experiment-picker";
import { useModKey } from "@/components/keys/mod-key";
import { useKeys } from "@/components/keys/use-keys";
import { Section } from "@/components/layout/page";
import { ProblemList } from "@/components/pipelines/problem-list";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorSummary, type FieldError } from "@/components/ui/error-summary";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Switch } from "@/components/ui/switch";
import type { VersionView } from "@/server/domain/views";
import {
  fieldId,
  initialValues,
  type Prefill,
  placeProblems,
  type RunFormValues,
  readValues,
  valueErrors,
} from "./form-values";
import { ParameterField } from "./parameter-field";
import { RunPreview } from "./run-preview";

const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

interface RunFormProps {
  readonly version: VersionView;
  readonly prefill: Prefill;
  readonly clonedFrom: string | null;
  /** The choice of pipeline and version; it is given what was typed so far, so that another version keeps it. */
  readonly picker: (current: () => RunFormValues) => ReactNode;
}

export function RunForm({ version, prefill, clonedFrom, picker }: RunFormProps) {
  const specs = version.graph.parameters;
  const mod = useModKey();
  const trpc = useTRPC();
  const router = useRouter();
  const [idempotencyKey] = useState(newKey);
  const [round, setRound] = useState(0);
  const [summary, setSummary] = useState<readonly FieldError[]>([]);
  const leaving = useRef(false);
  const form = useForm<RunFormValues>({
    defaultValues: initialValues(specs, prefill),
    mode: "onTouched",
    shouldFocusError: false,
  });
  const { control, formState } = form;
  const create = useMutation(
    trpc.runs.create.mutationOptions({
      onSuccess: (run) => {
        leaving.current = true;
        router.push(`/runs/${run.id}`);
      },
      onError: (error) => {
        const { atFields } = placeProblems(specs, callProblem(error).problems);
        setSummary(atFields);
        setRound((before) => before + 1);
      },
    }),
  );
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
      versionId: version.id,
      parameters: { ...readValues(specs, values.parameters) },
      cache: values.useCache ? "use" : "ignore",
      idempotencyKey,
      ...(values.name.trim() ? { name: values.name.trim() } : {}),
      ...(values.description.trim() ? { description: values.description.trim() } : {}),
      ...(values.experimentId ? { experimentId: values.experimentId } : {}),
      ...(clonedFrom ? { clonedFrom } : {}),
    });
  }, refuse);
  const submit = () => {
    if (!refusal && !create.isPending && !create.isSuccess) void start();
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
          {picker(() => form.getValues())}
          <Controller
            control={control}
            name="name"
            rules={{ maxLength: { value: 128, message: "Keep the name to 128 characters." } }}
            render={({ field, fieldState }) => (
              <Field
                id="run-name"
                label="Name"
                hint="Left empty, it is named after the pipeline."
                error={fieldState.error?.message}
              >
                {(attributes) => <Input {...attributes} {...field} />}
              </Field>
            )}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Controller
              control={control}
              name="experimentId"
              render={({ field }) => (
                <Field id="run-experiment" label="Experiment">
                  {(attributes) => (
                    <ExperimentPicker
                      {...attributes}
                      className="w-full"
                      value={field.value}
                      placeholder="Default"
                      clearLabel="Default"
                      onValueChange={field.onChange}
                    />
                  )}
                </Field>
              )}
            />
            <Controller
              control={control}
              name="description"
              render={({ field }) => (
                <Field id="run-description" label="Description">
                  {(attributes) => <Input {...attributes} {...field} />}
                </Field>
              )}
            />
          </div>
          <Controller
            control={control}
            name="useCache"
            render={({ field }) => (
              <div className="flex items-start gap-3">
                <Switch
                  id="run-cache"
                  checked={field.value}
                  onCheckedChange={field.onChange}
                  aria-describedby="run-cache-hint"
                />
                <div>
                  <label htmlFor="run-cache" className="text-sm font-medium">
                    Reuse results of earlier runs
                  </label>
                  <p id="run-cache-hint" className="text-xs text-dim">
                    Kept with the run for later retries and clones. Results are not reused yet: every step runs.
                  </p>
                </div>
              </div>
            )}
          />
          <Section title="Parameters" aside={<span className="text-xs text-faint">{specs.length}</span>}>
            {specs.length === 0 ? (
              <p className="text-sm text-dim">This version takes no parameters.</p>
            ) : (
              <div className="flex flex-col gap-4 pt-1">
                {specs.map((spec, index) => (
                  <Controller
                    key={spec.name}
                    control={control}
                    name={`parameters.${index}`}
                    rules={{ validate: (text) => valueErrors([spec], [text])[0]?.message ?? true }}
                    render={({ field, fieldState }) => (
                      <ParameterField
                        id={fieldId(index)}
                        spec={spec}
                        value={field.value}
                        error={
                          fieldState.error?.message ?? summary.find((each) => each.fieldId === fieldId(index))?.message
                        }
                        onBlur={field.onBlur}
                        onChange={(text) => {
                          field.onChange(text);
                          setSummary((before) => before.filter((each) => each.fieldId !== fieldId(index)));
                        }}
                      />
                    )}
                  />
                ))}
              </div>
            )}
          </Section>
        </div>
        <LivePreview control={control} version={version} />
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

function LivePreview({
  control,
  version,
}: {
  readonly control: ReturnType<typeof useForm<RunFormValues>>["control"];
  readonly version: VersionView;
}) {
  const values = useWatch({ control });
  return (
    <RunPreview
      version={version}
      name={values.name ?? ""}
      experimentId={values.experimentId ?? null}
      parameters={readValues(version.graph.parameters, values.parameters ?? [])}
    />
  );
}

function Refusals({ version }: { readonly version: VersionView }) {
  const isIncomplete = version.state === "incomplete";
  return (
    <section className="rounded-md border border-queued bg-queued-soft px-4 py-3">
      <h2 className="text-sm font-medium">
        {isIncomplete ? "This version is incomplete" : "This version cannot run here yet"}
      </h2>
      <ProblemList problems={version.refusals} label="Why it cannot run" />
      {isIncomplete && version.pipeline ? (
        <ButtonLink
          size="sm"
          href={`/pipelines/${version.pipeline.id}/versions/${version.number}?tab=files`}
          className="mt-1"
        >
          Add the missing files
        </ButtonLink>
      ) : null}
    </section>
  );
}

/** Asks before the tab is closed on unsent values. */
function useUnsavedGuard(isUnsaved: () => boolean): void {
  const check = useRef(isUnsaved);
  useEffect(() => {
    check.current = isUnsaved;
  });
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (check.current()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
