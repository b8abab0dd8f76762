/** An experiment: what it is for, its runs and its recurring runs. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Archive, ArchiveRestore, CalendarClock, Play, Plus, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { experimentChoices } from "@/components/copy-as/choices";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import { useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { UnreadPage } from "@/components/layout/unread-page";
import { useListTab } from "@/components/lists/use-list-tab";
import { RecurringList } from "@/components/recurring-runs/list/recurring-list";
import { RunList } from "@/components/runs/list/run-list";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonLink, IconButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { ExperimentView } from "@/server/domain/views/experiments";

const TABS = ["runs", "recurring"] as const;

export function ExperimentPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.experiments.get.queryOptions({ id }));
  useRefresh(["experiments"], [trpc.experiments.get.queryFilter({ id })], 1000);
  if (!query.data) {
    return (
      <UnreadPage
        noun="experiment"
        list={{ label: "Experiments", href: "/experiments" }}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <ExperimentBody experiment={query.data} />;
}

function ExperimentBody({ experiment }: { readonly experiment: ExperimentView }) {
  const scope = useMemo(() => ({ experimentId: experiment.id }), [experiment.id]);
  const isArchived = experiment.archivedAt !== null;
  const [tab, setTab] = useListTab(TABS);
  return (
    <Page>
      <Crumbs items={[{ label: "Experiments", href: "/experiments" }, { label: experiment.name }]} />
      <PageTitle
        title={experiment.name}
        note={experiment.description || undefined}
        after={
          <>
            {experiment.isDefault ? <Badge>default</Badge> : null}
            {isArchived ? <Badge tone="warning">archived</Badge> : null}
          </>
        }
        actions={
          <>
            {isArchived ? (
              <Button look="primary" reason="The experiment is archived; restore it first">
                <Plus />
                Create run
              </Button>
            ) : (
              <ButtonLink look="primary" href={`/runs/new?experiment=${experiment.id}`}>
                <Plus />
                Create run
              </ButtonLink>
            )}
            <Actions experiment={experiment} />
            <CopyAsButton of="this experiment" choices={experimentChoices(experiment)} />
            <CopyButton text={experiment.id} label="Copy experiment id" className="h-8 w-8" />
          </>
        }
      />
      <Tabs value={tab} onValueChange={setTab}>
        <TabsList aria-label="In this experiment" className="mb-4">
          <TabsTrigger value="runs">Runs</TabsTrigger>
          <TabsTrigger value="recurring">Recurring runs</TabsTrigger>
        </TabsList>
        <TabsContent value="runs">
          <RunList
            scope={scope}
            empty={
              <EmptyState
                icon={<Play />}
                title="No run belongs to this experiment yet"
                actions={
                  isArchived ? null : <ButtonLink href={`/runs/new?experiment=${experiment.id}`}>Create run</ButtonLink>
                }
              >
                An experiment keeps the runs that answer one question together, with a baseline to hold them against.
              </EmptyState>
            }
          />
        </TabsContent>
        <TabsContent value="recurring">
          <RecurringOfExperiment experiment={experiment} />
        </TabsContent>
      </Tabs>
    </Page>
  );
}

/** The recurring runs whose runs belong here. */
function RecurringOfExperiment({ experiment }: { readonly experiment: ExperimentView }) {
  const href = `/recurring-runs/new?experiment=${experiment.id}`;
  const isArchived = experiment.archivedAt !== null;
  return (
    <RecurringList
      scope={{ experimentId: experiment.id }}
      create={
        isArchived ? null : (
          <ButtonLink size="sm" href={href}>
            <Plus />
            Create recurring run
          </ButtonLink>
        )
      }
      empty={
        <EmptyState
          icon={<CalendarClock />}
          title="No recurring run belongs to this experiment"
          actions={isArchived ? null : <ButtonLink href={href}>Create recurring run</ButtonLink>}
        >
          A recurring run starts a pipeline by itself, and its runs are kept in this experiment.
        </EmptyState>
      }
    />
  );
}

const STAYS = "The default experiment takes the runs that name no other, so it stays";

function Actions({ experiment }: { readonly experiment: ExperimentView }) {
  const router = useRouter();
  const actions = useDefinitionActions("experiment");
  const reason = experiment.isDefault ? STAYS : undefined;
  const remove = async () => {
    if ((await actions.run("delete", [experiment])).done.length > 0) router.push("/experiments");
  };
  return (
    <>
      {experiment.archivedAt === null ? (
        <Button busy={actions.isBusy} reason={reason} onClick={() => void actions.run("archive", [experiment])}>
          <Archive />
          Archive
        </Button>
      ) : (
        <Button busy={actions.isBusy} onClick={() => void actions.run("restore", [experiment])}>
          <ArchiveRestore />
          Restore
        </Button>
      )}
      <IconButton label="Delete the experiment" reason={reason} onClick={() => void remove()}>
        <Trash2 />
      </IconButton>
    </>
  );
}
