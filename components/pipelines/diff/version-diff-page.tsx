/** Two versions of a pipeline side by side in words: chosen here, told by the address. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { ArrowLeftRight } from "lucide-react";
import { parseAsInteger, useQueryStates } from "nuqs";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ButtonLink, IconButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { VersionView } from "@/server/domain/views/pipelines";
import { VersionPicker } from "../version-picker";
import { VersionDiff } from "./version-diff";

const parsers = { from: parseAsInteger, to: parseAsInteger };

export function VersionDiffPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const [url, setUrl] = useQueryStates(parsers, { history: "push" });
  const pipeline = useQuery(trpc.pipelines.get.queryOptions({ id }));
  const after = useQuery(trpc.pipelines.version.queryOptions({ id, ...(url.to === null ? {} : { number: url.to }) }));
  const wanted = url.from ?? (after.data === undefined ? null : after.data.number - 1);
  const before = useQuery(
    trpc.pipelines.version.queryOptions(wanted === null || wanted < 1 ? skipToken : { id, number: wanted }),
  );
  const all = useQuery(trpc.pipelines.versions.queryOptions({ id, limit: 200 }));
  const numberOf = (versionId: string) => all.data?.items.find((version) => version.id === versionId)?.number ?? null;
  const name = pipeline.data?.name ?? "";
  const error = pipeline.error ?? after.error ?? before.error;
  const isFirst = wanted !== null && wanted < 1;

  const picker = (label: string, version: VersionView | undefined, side: "from" | "to") =>
    version === undefined ? null : (
      <VersionPicker
        aria-label={label}
        pipelineId={id}
        version={version}
        onChoose={(versionId) => void setUrl({ [side]: numberOf(versionId) })}
      />
    );
  return (
    <Page>
      <Crumbs
        items={[
          { label: "Pipelines", href: "/pipelines" },
          { label: name, href: `/pipelines/${id}` },
          { label: "Compare versions" },
        ]}
      />
      <PageTitle title={name === "" ? "Compare versions" : `Versions of ${name}`} />
      {error !== null ? (
        <ErrorState
          title="The versions could not be compared"
          message={callProblem(error).message}
          actions={
            <ButtonLink size="sm" href={`/pipelines/${id}`}>
              Open the pipeline
            </ButtonLink>
          }
        />
      ) : isFirst ? (
        <EmptyState
          title="There is no version before the first"
          actions={<ButtonLink href={`/pipelines/new?pipeline=${id}`}>Upload a new version</ButtonLink>}
        >
          Once there are two, their parameters, steps and texts are compared here.
        </EmptyState>
      ) : after.data === undefined || before.data === undefined ? (
        <SkeletonRows rows={6} label="Loading the versions" />
      ) : (
        <>
          <div className="flex max-w-md items-center gap-2">
            {picker("From version", before.data, "from")}
            <IconButton
              label="Swap the versions"
              onClick={() => void setUrl({ from: after.data.number, to: before.data.number })}
            >
              <ArrowLeftRight />
            </IconButton>
            {picker("To version", after.data, "to")}
          </div>
          {after.data.id === before.data.id ? (
            <p className="text-sm text-dim">This is one version. Choose another to compare it with.</p>
          ) : (
            <div>
              <VersionDiff key={`${before.data.id} ${after.data.id}`} from={before.data.id} to={after.data.id} />
            </div>
          )}
        </>
      )}
    </Page>
  );
}
