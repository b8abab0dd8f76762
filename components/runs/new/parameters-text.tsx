/** The same values as one YAML text: what is left out has its default. */
"use client";

import { useState } from "react";
import { parameterText } from "@/components/run-inputs/parameter-text";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import type { ParameterSpec } from "@/pipelines/graph";
import { readDocument, writeDocument } from "./parameter-document";
import { PARAMETERS_TEXT_ID } from "./parameters-text-id";

export function ParametersText({
  specs,
  texts,
  onTexts,
  onProblem,
}: {
  readonly specs: readonly ParameterSpec[];
  /** The fields as they stood when this view was opened. */
  readonly texts: readonly string[];
  readonly onTexts: (texts: readonly string[]) => void;
  /** Why the text cannot be taken; null when it was. */
  readonly onProblem: (problem: string | null) => void;
}) {
  const [text, setText] = useState(() => writeDocument(specs, texts));
  const [problem, setProblem] = useState<string | null>(null);
  const change = (next: string) => {
    setText(next);
    const reading = readDocument(specs, next);
    const found = !reading.ok
      ? reading.problems.slice(0, 5).join(" ")
      : reading.unknown.length > 0
        ? `This version has no parameter ${reading.unknown.join(", ")}.`
        : null;
    setProblem(found);
    onProblem(found);
    if (!reading.ok || found !== null) return;
    onTexts(specs.map((spec) => reading.texts[spec.name] ?? parameterText(spec, spec.default)));
  };
  return (
    <Field
      id={PARAMETERS_TEXT_ID}
      label="Values as YAML"
      hint="One value per parameter; one that is left out has its default. JSON is taken too."
      error={problem ?? undefined}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={Math.min(24, Math.max(6, specs.length + 1))}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => change(event.target.value)}
          placeholder={specs[0] ? `${specs[0].name}: …` : ""}
        />
      )}
    </Field>
  );
}
