/** One operation: what it does, what it takes and answers, an example; folded until it is asked for. */
"use client";

import { ChevronRight, Link2 } from "lucide-react";
import { useState } from "react";
import { labelled } from "@/components/copy-as/labelled";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import type { OpenApiDocument, OpenApiOperation, Schema } from "@/server/domain/open-api";
import { exampleOf } from "./examples";
import { contentOf, shapeText } from "./shape-text";

export interface ShownOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

const TONES: { readonly [method: string]: string } = {
  GET: "text-accent",
  DELETE: "text-danger",
};

function Head({ children }: { readonly children: string }) {
  return <h4 className="mt-3 mb-1 text-xs font-medium text-faint">{children}</h4>;
}

function Parameters({ parameters }: { readonly parameters: readonly Schema[] }) {
  return (
    <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[minmax(8rem,max-content)_1fr]">
      {parameters.map((parameter) => (
        <div key={`${parameter.in} ${parameter.name}`} className="contents">
          <dt className="font-mono text-xs leading-5">
            {String(parameter.name)} <span className="text-faint">{String(parameter.in)}</span>
          </dt>
          <dd className="text-dim max-sm:mb-1">
            {parameter.description ? String(parameter.description) : parameter.in === "path" ? "In the address." : ""}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Shape({
  title,
  part,
  document,
}: {
  readonly title: string;
  readonly part: Schema | undefined;
  readonly document: OpenApiDocument;
}) {
  const content = contentOf(part);
  if (content === null) return null;
  return (
    <>
      <Head>{`${title}, ${content.type}`}</Head>
      <CodeBlock
        text={shapeText(content.schema, document.components.schemas)}
        label={`the shape of the ${title.toLowerCase()}`}
        className="max-h-96 overflow-auto"
      />
    </>
  );
}

function Example({
  origin,
  method,
  path,
}: {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
}) {
  const example = exampleOf(origin, method, path);
  const { curl, python, command } = example;
  return (
    <>
      <Head>Example</Head>
      {curl && python && command ? (
        <SnippetTabs snippets={labelled({ curl, python, command })} />
      ) : curl && "text" in curl ? (
        <CodeBlock text={curl.text} label="the curl text" />
      ) : null}
    </>
  );
}

export function OperationCard({
  shown: { method, path, operation },
  document,
  origin,
  startsOpen,
}: {
  readonly shown: ShownOperation;
  readonly document: OpenApiDocument;
  readonly origin: string;
  readonly startsOpen: boolean;
}) {
  const [isOpen, setOpen] = useState(startsOpen);
  const { operationId: id, summary, description, parameters = [] } = operation;
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-4 rounded-md border border-line">
      <div className="flex items-center gap-1 pr-1">
        <h3 id={`${id}-title`} className="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="flex min-h-9 w-full flex-wrap items-center gap-x-2 gap-y-0.5 rounded-md px-2 py-1 text-left hover:bg-hover"
          >
            <ChevronRight
              aria-hidden
              className={cn("size-4 shrink-0 text-faint transition-transform duration-120", isOpen && "rotate-90")}
            />
            <span className={cn("w-14 shrink-0 font-mono text-xs font-semibold", TONES[method])}>{method}</span>
            <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{path}</span>
            <span className="ml-auto text-sm text-dim max-md:ml-6 max-md:w-full">{summary}</span>
          </button>
        </h3>
        <a
          href={`#${id}`}
          aria-label={`Link to ${summary}`}
          className="flex size-8 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <Link2 aria-hidden className="size-4" />
        </a>
      </div>
      {isOpen ? (
        <div className="border-t border-line px-4 pt-2 pb-4">
          {operation.security?.length === 0 ? <Badge>needs no token</Badge> : null}
          {description ? <p className="max-w-3xl text-sm">{description}</p> : null}
          {parameters.length === 0 ? null : (
            <>
              <Head>Parameters</Head>
              <Parameters parameters={parameters} />
            </>
          )}
          <div className="grid gap-x-6 xl:grid-cols-2">
            <div className="min-w-0">
              <Shape title="Request" part={operation.requestBody} document={document} />
              <Example origin={origin} method={method} path={path} />
            </div>
            <div className="min-w-0">
              <Shape title="Answer" part={operation.responses["200"]} document={document} />
            </div>
          </div>
        </div>
      ) : null}
    </section>
  );
}
