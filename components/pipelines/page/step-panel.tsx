/** A step as its version defines it: what runs, what goes in and what comes out. */
"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import type { ParameterSource, Step } from "@/pipelines/graph";

const lastKey = (path: string): string => decodeURIComponent(path.split("/").at(-1) ?? path);

function sourceText(source: ParameterSource): string {
  switch (source.from) {
    case "constant":
      return JSON.stringify(source.value);
    case "parent":
      return `pipeline input ${source.input}`;
    case "task":
      return `${source.output} of ${lastKey(source.step)}`;
    case "final-status":
      return `final state of ${lastKey(source.step)}`;
  }
}

export function StepPanel({ step, onClose }: { readonly step: Step; readonly onClose: () => void }) {
  const { parameters, artifacts, outputParameters, outputArtifacts } = step.interface;
  const bound = new Map(step.parameters.map((binding) => [binding.name, sourceText(binding.source)]));
  return (
    <aside
      aria-label={`Step ${step.name}`}
      className="scroll-thin w-96 shrink-0 animate-slide-in overflow-auto rounded-md border p-4 max-md:w-full"
    >
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 text-base font-semibold break-words">{step.name}</h2>
        <Badge>{step.kind}</Badge>
        <IconButton size="sm" label="Close the step" onClick={onClose} className="-mt-1 -mr-1">
          <X />
        </IconButton>
      </div>
      {step.description ? <p className="mt-1 text-sm text-dim">{step.description}</p> : null}
      <dl className="mt-3 flex flex-col gap-2 text-sm">
        {step.dependsOn.length > 0 ? <Fact name="After">{step.dependsOn.map(lastKey).join(", ")}</Fact> : null}
        {step.trigger === "completed" ? <Fact name="Runs">also when those before it failed</Fact> : null}
        {step.condition ? (
          <Fact name="Only if" mono>
            {step.condition}
          </Fact>
        ) : null}
        {step.retry ? <Fact name="Retries">{step.retry.maxRetries}</Fact> : null}
        <Body step={step} />
      </dl>
      <Names
        title="Takes"
        rows={[
          ...parameters.map((each) => [each.name, each.type, bound.get(each.name) ?? ""] as const),
          ...artifacts.map((each) => [each.name, each.type, ""] as const),
        ]}
      />
      <Names
        title="Gives"
        rows={[
          ...outputParameters.map((each) => [each.name, each.type, ""] as const),
          ...outputArtifacts.map((each) => [each.name, each.type, ""] as const),
        ]}
      />
    </aside>
  );
}

function Body({ step }: { readonly step: Step }) {
  const { body } = step;
  switch (body.body) {
    case "container":
      return (
        <>
          <Fact name="Image" mono>
            {body.image}
          </Fact>
          <div>
            <dt className="mb-1 text-xs text-faint">Command</dt>
            <dd>
              <CodeBlock
                label="the command"
                text={[...body.command, ...body.args].join("\n")}
                className="max-h-64 overflow-auto"
              />
            </dd>
          </div>
        </>
      );
    case "file":
      return (
        <>
          <Fact name="File" mono>
            {body.file}
          </Fact>
          {body.image ? (
            <Fact name="Image" mono>
              {body.image}
            </Fact>
          ) : null}
          {body.dependencies.length > 0 ? (
            <Fact name="Needs" mono>
              {body.dependencies.join("\n")}
            </Fact>
          ) : null}
          {body.outputs.length > 0 ? (
            <Fact name="Leaves" mono>
              {body.outputs.join("\n")}
            </Fact>
          ) : null}
          {body.env.length > 0 ? (
            <Fact name="Environment" mono>
              {body.env.map(({ name, value }) => `${name}=${value}`).join("\n")}
            </Fact>
          ) : null}
        </>
      );
    case "importer":
      return (
        <Fact name="Imports" mono>
          {sourceText(body.uri)}
        </Fact>
      );
    case "foreign":
      return <Fact name="Is">{body.what}</Fact>;
    case "group":
      return null;
  }
}

function Fact({
  name,
  mono = false,
  children,
}: {
  readonly name: string;
  readonly mono?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-2">
      <dt className="text-xs leading-5 text-faint">{name}</dt>
      <dd className={mono ? "font-mono text-xs leading-5 break-all whitespace-pre-wrap" : "leading-5"}>{children}</dd>
    </div>
  );
}

function Names({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, type: string, from: string])[];
}) {
  if (rows.length === 0) return null;
  return (
    <section className="mt-4">
      <h3 className="text-xs font-medium text-faint">{title}</h3>
      <ul className="divide-y divide-line">
        {rows.map(([name, type, from]) => (
          <li key={name} className="py-1.5">
            <div className="flex items-baseline justify-between gap-3">
              <span className="font-mono text-xs break-all">{name}</span>
              <span className="shrink-0 text-xs text-faint">{type}</span>
            </div>
            {from ? (
              <p className="truncate text-xs text-dim" title={from}>
                {from}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
