/** All pipelines. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Trash2, Upload, Workflow } from "lucide-react";
import { matchText } from "@/components/data-table/paging";
import { useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { RecordList } from "@/components/lists/record-list";
import type { RecordQuestion } from "@/components/lists/record-question";
import { SelectionBar } from "@/components/lists/selection-bar";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { Filter } from "@/server/domain/lists/filter";
import { PIPELINE_FIELDS, PIPELINE_SORTS } from "@/server/domain/lists/pipeline-fields";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import { PIPELINE_COLUMNS, USUAL_PIPELINE_COLUMNS } from "./pipeline-columns";

function useRows({ sort: by, ...rest }: RecordQuestion) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const question = { ...rest, sort: PIPELINE_SORTS.find((sort) => sort === by) ?? "updated" };
  useRefresh(["pipelines", "runs"], [trpc.pipelines.list.pathFilter()], 1000);
  return usePages<PipelineSummary>(
    trpc.pipelines.list.infiniteQueryKey(question),
    (cursor, signal) => client.pipelines.list.query({ ...question, cursor }, { signal }),
    question.direction,
  );
}

function useCount(filter: Filter | null): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.pipelines.list.queryOptions({ ...(filter && { filter }), limit: 1 }, { placeholderData: keepPreviousData }),
  );
  return data === undefined ? null : matchText(data.total, "pipeline");
}

export function PipelinesPage() {
  return (
    <Page>
      <Crumbs items={[{ label: "Pipelines" }]} />
      <PageTitle
        title="Pipelines"
        actions={
          <ButtonLink look="primary" href="/pipelines/new">
            <Upload />
            Upload
          </ButtonLink>
        }
      />
      <RecordList<PipelineSummary>
        list="pipelines"
        path="/pipelines"
        what="pipelines"
        fields={PIPELINE_FIELDS}
        searched="text"
        columns={PIPELINE_COLUMNS}
        usual={USUAL_PIPELINE_COLUMNS}
        usualSort="updated"
        useRows={useRows}
        useCount={useCount}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        rowHref={({ id }) => `/pipelines/${id}`}
        bar={(chosen, onClear) => <SelectedPipelines chosen={chosen} onClear={onClear} />}
        empty={
          <EmptyState
            icon={<Workflow />}
            title="No pipelines yet"
            actions={
              <>
                <ButtonLink look="primary" href="/pipelines/new">
                  Upload a pipeline
                </ButtonLink>
                <ButtonLink href="/">Try an example</ButtonLink>
              </>
            }
          >
            A pipeline is a named definition with its versions: a .pipeline file drawn in Elyra, a compiled Kubeflow
            pipeline, or a single notebook.
          </EmptyState>
        }
      />
    </Page>
  );
}

function SelectedPipelines({
  chosen,
  onClear,
}: {
  readonly chosen: readonly PipelineSummary[];
  readonly onClear: () => void;
}) {
  const actions = useDefinitionActions("pipeline");
  if (chosen.length === 0) return null;
  return (
    <SelectionBar
      status={actions.progress ?? `${chosen.length} selected`}
      isBusy={actions.isBusy}
      onClear={onClear}
      actions={[{ label: "Delete", icon: <Trash2 />, run: () => void actions.run("delete", chosen).then(onClear) }]}
    />
  );
}
