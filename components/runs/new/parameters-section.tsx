/** The parameters of a run: a field each, or all of them as one text; filled from a file or from another run. */
"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type ReactNode, useEffect } from "react";
import type { UseFormReturn } from "react-hook-form";
import { Section } from "@/components/layout/page";
import { FormParameter } from "@/components/run-inputs/form-parameter";
import { fieldId } from "@/components/run-inputs/parameter-values";
import { Button } from "@/components/ui/button";
import type { FieldError } from "@/components/ui/error-summary";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { ParameterSpec } from "@/pipelines/graph";
import type { RunFormValues } from "./form-values";
import { ImportValues } from "./import-values";

const loadText = () => import("./parameters-text");
const VIEWS = ["fields", "yaml"] as const;
const VIEW_NAMES = { fields: "Fields", yaml: "YAML" } as const;

export function ParametersSection({
  specs,
  pipelineId,
  form,
  errors,
  onChanged,
  onTextProblem,
  children,
}: {
  readonly specs: readonly ParameterSpec[];
  readonly pipelineId: string | null;
  readonly form: UseFormReturn<RunFormValues>;
  /** What the last try to start found. */
  readonly errors: readonly FieldError[];
  /** The value of the field with this id is another one now. */
  readonly onChanged: (id: string) => void;
  /** The text view holds what cannot be taken; null when it can. */
  readonly onTextProblem: (problem: string | null) => void;
  /** What is to be known before the fields. */
  readonly children?: ReactNode;
}) {
  const [view, setView] = useQueryState("values", parseAsStringLiteral(VIEWS).withDefault("fields"));
  const { part, demand } = useOnDemand(loadText);
  const isText = view === "yaml" && specs.length > 0;
  useEffect(() => {
    if (isText && part === null) demand();
  });
  const set = (index: number, text: string) => {
    if (form.getValues(`parameters.${index}`) === text) return;
    form.setValue(`parameters.${index}`, text, { shouldDirty: true, shouldValidate: true });
    onChanged(fieldId(index));
  };
  const show = (next: (typeof VIEWS)[number]) => {
    onTextProblem(null);
    void setView(next);
  };
  return (
    <Section
      title="Parameters"
      aside={
        specs.length === 0 ? (
          <span className="text-xs text-faint">0</span>
        ) : (
          <div className="flex flex-wrap items-center justify-end gap-1.5">
            <ImportValues
              specs={specs}
              pipelineId={pipelineId}
              onTake={(texts) => {
                specs.forEach((spec, index) => {
                  const text = texts[spec.name];
                  if (text !== undefined) set(index, text);
                });
                show("fields");
              }}
            />
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame; these are buttons that belong together */}
            <div role="group" aria-label="Show the parameters as" className="flex">
              {VIEWS.map((each) => (
                <Button
                  key={each}
                  size="sm"
                  look={each === view ? "secondary" : "ghost"}
                  aria-pressed={each === view}
                  onClick={() => show(each)}
                >
                  {VIEW_NAMES[each]}
                </Button>
              ))}
            </div>
          </div>
        )
      }
    >
      {children}
      {specs.length === 0 ? (
        <p className="text-sm text-dim">This version takes no parameters.</p>
      ) : isText ? (
        part === null ? (
          <SkeletonRows rows={4} label="Loading the text" />
        ) : (
          <part.ParametersText
            specs={specs}
            texts={form.getValues("parameters")}
            onTexts={(texts) => {
              for (const [index, text] of texts.entries()) set(index, text);
            }}
            onProblem={onTextProblem}
          />
        )
      ) : (
        <div className="flex flex-col gap-4 pt-1">
          {specs.map((spec, index) => (
            <FormParameter
              key={spec.name}
              control={form.control}
              spec={spec}
              index={index}
              errors={errors}
              onChanged={onChanged}
            />
          ))}
        </div>
      )}
    </Section>
  );
}
