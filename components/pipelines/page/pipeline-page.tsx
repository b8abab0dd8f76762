/** A pipeline: what it is, its versions, and everything about the version in view. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { MoreHorizontal, Pencil, Play, SquareTerminal, Trash2, TriangleAlert, Upload } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { pipelineChoices } from "@/components/copy-as/choices";
import { useCopyAs } from "@/components/copy-as/copy-as-button";
import { useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { UnreadPage } from "@/components/layout/unread-page";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonLink, buttonClass } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import type { PipelineSummary, VersionView } from "@/server/domain/views/pipelines";
import { FORMAT_NAMES } from "../format-names";
import { EditPipeline } from "./edit-pipeline";
import { VersionRail } from "./version-rail";
import { VersionTabs } from "./version-tabs";

interface PipelinePageProps {
  readonly id: string;
  /** Null for the newest version. */
  readonly number: number | null;
  /** The version by its id instead, as links made elsewhere name it. */
  readonly versionId?: string | undefined;
}

export function PipelinePage({ id, number, versionId }: PipelinePageProps) {
  const trpc = useTRPC();
  const pipeline = useQuery(trpc.pipelines.get.queryOptions({ id }));
  const byId = useQuery(trpc.pipelines.versionById.queryOptions(versionId ? { versionId } : skipToken));
  const byNumber = useQuery(
    trpc.pipelines.version.queryOptions(versionId ? skipToken : { id, ...(number === null ? {} : { number }) }),
  );
  const version = versionId ? byId : byNumber;
  const isPinned = number !== null || versionId !== undefined;
  useRefresh(["pipelines"], [trpc.pipelines.pathFilter()], 1000);
  if (!pipeline.data || !version.data) {
    const isVersion = pipeline.data !== undefined;
    return (
      <UnreadPage
        noun={isVersion ? "version" : "pipeline"}
        list={{ label: "Pipelines", href: "/pipelines" }}
        error={pipeline.error ?? version.error}
        onRetry={() => void Promise.all([pipeline.refetch(), version.refetch()])}
        actions={
          isVersion && isPinned ? (
            <ButtonLink size="sm" href={`/pipelines/${id}`}>
              Open the newest version
            </ButtonLink>
          ) : undefined
        }
      />
    );
  }
  return <PipelineBody pipeline={pipeline.data} version={version.data} isPinned={isPinned} />;
}

function PipelineBody({
  pipeline,
  version,
  isPinned,
}: {
  readonly pipeline: PipelineSummary;
  readonly version: VersionView;
  readonly isPinned: boolean;
}) {
  const router = useRouter();
  const [isEditing, setIsEditing] = useState(false);
  const ofPipeline = useDefinitionActions("pipeline");
  const ofVersion = useDefinitionActions("version");
  const copyAs = useCopyAs({ of: "this pipeline", choices: pipelineChoices(pipeline, version) });
  const remove = async () => {
    if ((await ofPipeline.run("delete", [pipeline])).done.length > 0) router.push("/pipelines");
  };
  const removeVersion = async () => {
    const target = { id: version.id, name: `${pipeline.name} v${version.number}` };
    if ((await ofVersion.run("delete", [target])).done.length > 0) router.push(`/pipelines/${pipeline.id}`);
  };
  const refusal = version.refusals[0];
  const tags = Object.entries(pipeline.tags);
  return (
    <Page className="gap-3">
      <Crumbs
        items={[
          { label: "Pipelines", href: "/pipelines" },
          { label: pipeline.name, ...(isPinned ? { href: `/pipelines/${pipeline.id}` } : {}) },
          ...(isPinned ? [{ label: `v${version.number}` }] : []),
        ]}
      />
      <PageTitle
        title={pipeline.name}
        after={
          <>
            <Badge>{FORMAT_NAMES[version.format]}</Badge>
            {version.state === "incomplete" ? <Badge tone="warning">v{version.number} incomplete</Badge> : null}
            {tags.map(([key, value]) => (
              <Badge key={key} tone="accent">
                {value ? `${key}: ${value}` : key}
              </Badge>
            ))}
          </>
        }
        note={
          pipeline.description ? (
            <p className="max-w-3xl whitespace-pre-line">{pipeline.description}</p>
          ) : (
            <button type="button" className="rounded-sm text-faint hover:text-ink" onClick={() => setIsEditing(true)}>
              Add a description
            </button>
          )
        }
        actions={
          <>
            {refusal ? (
              <Button look="primary" reason={refusal.message}>
                <Play />
                Create run
              </Button>
            ) : (
              <ButtonLink look="primary" href={`/runs/new?pipeline=${pipeline.id}&version=${version.id}`}>
                <Play />
                Create run
              </ButtonLink>
            )}
            <ButtonLink href={`/pipelines/new?pipeline=${pipeline.id}`}>
              <Upload />
              New version
            </ButtonLink>
            <CopyButton text={pipeline.id} label="Copy pipeline id" className="h-8 w-8" />
            <DropdownMenu>
              <DropdownMenuTrigger aria-label="More actions" className={buttonClass("ghost", "md", "w-8 px-0")}>
                <MoreHorizontal />
              </DropdownMenuTrigger>
              <DropdownMenuContent>
                <DropdownMenuItem onSelect={() => setIsEditing(true)}>
                  <Pencil />
                  Edit name, description and tags
                </DropdownMenuItem>
                <DropdownMenuItem onSelect={copyAs.open}>
                  <SquareTerminal />
                  Copy as curl, Python or command
                </DropdownMenuItem>
                {pipeline.versionCount > 1 ? (
                  <DropdownMenuItem danger onSelect={() => void removeVersion()}>
                    <Trash2 />
                    Delete v{version.number}
                  </DropdownMenuItem>
                ) : null}
                <DropdownMenuItem danger onSelect={() => void remove()}>
                  <Trash2 />
                  Delete the pipeline
                </DropdownMenuItem>
              </DropdownMenuContent>
            </DropdownMenu>
          </>
        }
      />
      {refusal ? <RefusalLine version={version} message={refusal.message} /> : null}
      <div className="grid min-h-0 flex-1 gap-x-6 gap-y-3 max-lg:grid-rows-[auto_minmax(0,1fr)] lg:grid-cols-[11rem_minmax(0,1fr)]">
        <VersionRail pipelineId={pipeline.id} current={version} total={pipeline.versionCount} />
        <VersionTabs pipeline={pipeline} version={version} />
      </div>
      {copyAs.dialog}
      {isEditing ? <EditPipeline pipeline={pipeline} onClose={() => setIsEditing(false)} /> : null}
    </Page>
  );
}

function RefusalLine({ version, message }: { readonly version: VersionView; readonly message: string }) {
  const more = version.refusals.length - 1;
  return (
    <p className="flex items-start gap-2 rounded-md bg-queued-soft px-3 py-2 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-queued" />
      <span className="min-w-0">
        <span className="font-medium">
          v{version.number} cannot run{version.state === "incomplete" ? " yet" : " here"}.
        </span>{" "}
        {message}{" "}
        <Link
          href={`?tab=${version.state === "incomplete" ? "files" : "problems"}`}
          className="whitespace-nowrap text-accent underline"
        >
          {version.state === "incomplete" ? "Add the files" : more > 0 ? `All ${more + 1} reasons` : "See where"}
        </Link>
      </span>
    </p>
  );
}
