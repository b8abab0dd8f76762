/** The page of one artifact: what it is, a look inside, what made it and what used it. */
"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle, Section } from "@/components/layout/page";
import { UnreadPage } from "@/components/layout/unread-page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Badge } from "@/components/ui/badge";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime } from "@/components/ui/time";
import { ArtifactCard } from "@/components/viewers/artifact-card";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import { producerHref, sizeText } from "./artifact-facts";
import { Lineage } from "./lineage";

const LINK = "rounded-sm text-accent hover:underline";

export function ArtifactPage({ id }: { readonly id: number }) {
  const trpc = useTRPC();
  const artifact = useQuery(trpc.artifacts.get.queryOptions({ id }));
  const lineage = useQuery(trpc.artifacts.lineage.queryOptions({ id }));
  useRefresh(["runs"], [trpc.artifacts.lineage.queryFilter({ id })], 2000);
  if (!artifact.data) {
    return (
      <UnreadPage
        noun="artifact"
        list={{ label: "Artifacts", href: "/artifacts" }}
        error={artifact.error}
        onRetry={() => void artifact.refetch()}
      />
    );
  }
  const { name, type } = artifact.data;
  return (
    <Page>
      <Crumbs items={[{ label: "Artifacts", href: "/artifacts" }, { label: name }]} />
      <PageTitle title={name} after={<Badge>{type}</Badge>} />
      <Facts artifact={artifact.data} />
      <Section title="Content">
        <ArtifactCard name={name} artifact={artifact.data} />
      </Section>
      <Section title="Lineage">
        {lineage.data ? (
          <Lineage artifact={id} lineage={lineage.data} />
        ) : lineage.error ? (
          <ErrorState message={callProblem(lineage.error).message} onRetry={() => void lineage.refetch()} />
        ) : (
          <SkeletonRows rows={3} label="Loading the lineage" />
        )}
      </Section>
    </Page>
  );
}

function Facts({ artifact }: { readonly artifact: ArtifactItemView }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      "Made by",
      <Link key="task" href={producerHref(artifact)} className={LINK}>
        {artifact.task.name}
      </Link>,
    ],
    [
      "In the run",
      <Link key="run" href={`/runs/${artifact.run.id}`} className={LINK}>
        {artifact.run.name}
      </Link>,
    ],
    ["Created", <RelativeTime key="created" at={artifact.createdAt} />],
    ["Size", sizeText(artifact)],
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-faint">{label}</dt>
          <dd className="truncate">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
