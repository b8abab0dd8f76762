/** All experiments. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Archive, ArchiveRestore, FlaskConical, Plus, Trash2 } from "lucide-react";
import { matchText } from "@/components/data-table/paging";
import { type DefinitionVerb, useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { RecordList } from "@/components/lists/record-list";
import type { RecordQuestion } from "@/components/lists/record-question";
import { SelectionBar } from "@/components/lists/selection-bar";
import { WordFilter } from "@/components/lists/word-filter";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { EXPERIMENT_FIELDS, EXPERIMENT_SORTS } from "@/server/domain/lists/experiment-fields";
import type { Filter } from "@/server/domain/lists/filter";
import type { ExperimentItem } from "@/server/domain/views/experiments";
import { EXPERIMENT_COLUMNS, USUAL_EXPERIMENT_COLUMNS } from "./experiment-columns";

function useRows({ sort: by, ...rest }: RecordQuestion) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const question = { ...rest, sort: EXPERIMENT_SORTS.find((sort) => sort === by) ?? "last" };
  useRefresh(["experiments", "runs"], [trpc.experiments.list.pathFilter()], 1000);
  return usePages<ExperimentItem>(
    [...trpc.experiments.list.queryKey(question), "pages"],
    (cursor, signal) => client.experiments.list.query({ ...question, cursor }, { signal }),
    question.direction,
  );
}

function useCount(filter: Filter | null): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.experiments.list.queryOptions({ ...(filter && { filter }), limit: 1 }, { placeholderData: keepPreviousData }),
  );
  return data === undefined ? null : matchText(data.total, "experiment");
}

export function ExperimentsPage() {
  return (
    <Page>
      <Crumbs items={[{ label: "Experiments" }]} />
      <PageTitle
        title="Experiments"
        actions={
          <ButtonLink look="primary" href="/experiments/new">
            <Plus />
            Create experiment
          </ButtonLink>
        }
      />
      <RecordList<ExperimentItem>
        list="experiments"
        path="/experiments"
        what="experiments"
        fields={EXPERIMENT_FIELDS}
        searched="text"
        columns={EXPERIMENT_COLUMNS}
        usual={USUAL_EXPERIMENT_COLUMNS}
        usualSort="last"
        quick={(filter, onChange) => (
          <WordFilter
            field="state"
            label="Active or archived"
            any="Active"
            words={["archived"]}
            filter={filter}
            onChange={onChange}
          />
        )}
        useRows={useRows}
        useCount={useCount}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        rowHref={({ id }) => `/experiments/${id}`}
        bar={(chosen, onClear) => <SelectedExperiments chosen={chosen} onClear={onClear} />}
        empty={
          <EmptyState
            icon={<FlaskConical />}
            title="No experiments yet"
            actions={<ButtonLink href="/experiments/new">Create experiment</ButtonLink>}
          >
            An experiment groups runs of any pipelines, so that they can be looked at together.
          </EmptyState>
        }
      />
    </Page>
  );
}

const STAYS = "The default experiment takes the runs that name no other, so it stays";

function SelectedExperiments({
  chosen,
  onClear,
}: {
  readonly chosen: readonly ExperimentItem[];
  readonly onClear: () => void;
}) {
  const actions = useDefinitionActions("experiment");
  const others = chosen.filter(({ isDefault }) => !isDefault);
  const reason = others.length === 0 ? STAYS : undefined;
  const run = (verb: DefinitionVerb) => () => void actions.run(verb, others).then(onClear);
  const isArchived = chosen.some(({ archivedAt }) => archivedAt !== null);
  if (chosen.length === 0) return null;
  return (
    <SelectionBar
      status={actions.progress ?? `${chosen.length} selected`}
      isBusy={actions.isBusy}
      onClear={onClear}
      actions={[
        isArchived
          ? { label: "Restore", icon: <ArchiveRestore />, run: run("restore"), reason }
          : { label: "Archive", icon: <Archive />, run: run("archive"), reason },
        { label: "Delete", icon: <Trash2 />, run: run("delete"), reason },
      ]}
    />
  );
}
