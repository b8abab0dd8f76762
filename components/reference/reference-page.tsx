/** The reference of the API: every operation by noun, searched by words, each with an address of its own. */
"use client";

import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { useSyncExternalStore } from "react";
import { useOrigin } from "@/components/copy-as/use-origin";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle, Section } from "@/components/layout/page";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import type { OpenApiDocument } from "@/server/domain/open-api";
import type { ReferenceView } from "@/server/domain/reference";
import { OperationCard, type ShownOperation } from "./operation-card";
import { ErrorTable, StateTable } from "./reference-tables";

function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      addEventListener("hashchange", changed);
      return () => removeEventListener("hashchange", changed);
    },
    () => location.hash.slice(1),
    () => "",
  );
}

const operationsOf = (document: OpenApiDocument): readonly ShownOperation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

const isMatch = ({ method, path, operation }: ShownOperation, words: readonly string[]): boolean => {
  const text = `${method} ${path} ${operation.summary} ${operation.description ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

function Access({ origin }: { readonly origin: string }) {
  const lines = [
    "import os",
    "import kfp",
    "",
    `client = kfp.Client(host="${origin}", existing_token=os.environ["PENSTOCK_TOKEN"])`,
  ].join("\n");
  return (
    <Section title="Access">
      <p className="mb-2 max-w-3xl text-sm text-dim">
        Everything but health asks for <code>Authorization: Bearer …</code>. Make a token under{" "}
        <Link href="/settings/tokens" className="text-accent underline">
          API tokens
        </Link>{" "}
        and keep it in <code>PENSTOCK_TOKEN</code>; one with read-only access may use GET alone.
      </p>
      <CodeBlock text={lines} label="the client line" className="max-w-3xl" />
    </Section>
  );
}

export function ReferencePage({ view }: { readonly view: ReferenceView }) {
  const origin = useOrigin();
  const hash = useHash();
  const [search, setSearch] = useQueryState("q", parseAsString.withDefault(""));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = operationsOf(view.document).filter((shown) => isMatch(shown, words));
  return (
    <Page>
      <Crumbs items={[{ label: "API reference" }]} />
      <PageTitle
        title="API reference"
        note="Kubeflow Pipelines' API v2beta1, so that an unmodified kfp works, and what is answered beside it."
        actions={
          <a href="/api/openapi.json" className="text-sm text-accent underline">
            OpenAPI document
          </a>
        }
      />
      <Access origin={origin} />
      <div>
        <label htmlFor="reference-search" className="sr-only">
          Search the operations
        </label>
        <Input
          id="reference-search"
          type="search"
          className="max-w-md"
          placeholder="Search operations"
          value={search}
          onChange={(event) => void setSearch(event.target.value || null)}
        />
        <p role="status" className="sr-only">
          {found.length === 1 ? "1 operation" : `${found.length} operations`}
        </p>
      </div>
      {found.length === 0 ? (
        <EmptyState title="No operation is called like this">Search for a noun, a verb or a part of a path.</EmptyState>
      ) : null}
      {view.document.tags.map(({ name }) => {
        const own = found.filter(({ operation }) => operation.tags.includes(name));
        return own.length === 0 ? null : (
          <Section key={name} title={name} aside={<span className="text-xs text-faint">{own.length}</span>}>
            <div className="flex flex-col gap-1.5">
              {own.map((shown) => {
                const isWanted = shown.operation.operationId === hash;
                return (
                  <OperationCard
                    key={`${shown.operation.operationId} ${isWanted}`}
                    shown={shown}
                    document={view.document}
                    origin={origin}
                    startsOpen={isWanted}
                  />
                );
              })}
            </div>
          </Section>
        );
      })}
      <ErrorTable errors={view.errors} />
      <StateTable states={view.states} />
    </Page>
  );
}
