/** The rules of retention: written, tried out on what is there now, and only then saved. */
"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { formatTotal } from "@/components/data-table/paging";
import { Section } from "@/components/layout/page";
import { PipelinePicker } from "@/components/pipelines/pipeline-picker";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, IconButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { ENDED_STATES, KEEP_TAG, type RetentionRule, ruleInWords } from "@/server/domain/retention";
import type { Settings } from "@/server/domain/settings";
import type { RetentionPreviewView } from "@/server/domain/views/retention";
import { Loaded } from "../loaded";

interface Row extends RetentionRule {
  readonly id: number;
}

const NEW_RULE: RetentionRule = { pipelineId: null, states: [], afterDays: 90, keepNewest: 10 };
const wholeNumber = (text: string): number => Math.max(0, Math.floor(Number(text) || 0));
const withoutId = ({ id: _, ...rule }: Row): RetentionRule => rule;

function RuleRow({
  row,
  found,
  onChange,
  onRemove,
}: {
  readonly row: Row;
  readonly found: RetentionPreviewView["rules"][number] | undefined;
  readonly onChange: (change: Partial<RetentionRule>) => void;
  readonly onRemove: () => void;
}) {
  const name = (what: string) => `rule-${row.id}-${what}`;
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field id={name("pipeline")} label="Runs of" className="w-44">
          {(control) => (
            <PipelinePicker
              {...control}
              className="w-full"
              value={row.pipelineId}
              placeholder="Any pipeline"
              clearLabel="Any pipeline"
              onValueChange={(pipelineId) => onChange({ pipelineId })}
            />
          )}
        </Field>
        <Field id={name("state")} label="That" className="w-36">
          {(control) => (
            <Select
              {...control}
              value={row.states[0] ?? ""}
              placeholder="ended"
              options={ENDED_STATES.map((state) => ({
                value: state,
                label: state === "canceled" ? "were canceled" : state,
              }))}
              onValueChange={(state) => onChange({ states: ENDED_STATES.filter((each) => each === state) })}
            />
          )}
        </Field>
        <Field id={name("days")} label="Days after their end" className="w-40">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              value={row.afterDays}
              onChange={(event) => onChange({ afterDays: wholeNumber(event.target.value) })}
            />
          )}
        </Field>
        <Field id={name("newest")} label="But the newest" className="w-36">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              value={row.keepNewest}
              onChange={(event) => onChange({ keepNewest: wholeNumber(event.target.value) })}
            />
          )}
        </Field>
        <IconButton label="Remove this rule" onClick={onRemove} className="ml-auto">
          <X />
        </IconButton>
      </div>
      <p className="text-xs text-dim">{ruleInWords(row, row.pipelineId === null ? null : "this pipeline")}</p>
      {found === undefined ? null : (
        <details className="text-sm">
          <summary className="cursor-pointer text-dim">
            Would take {found.count === 0 ? "no run" : found.count === 1 ? "1 run" : `${formatTotal(found.count)} runs`}{" "}
            now
          </summary>
          <ul aria-label="Runs that would go" className="mt-1 max-h-60 overflow-y-auto">
            {found.runs.map((run) => (
              <li key={run.id} className="truncate py-0.5">
                <Link href={`/runs/${run.id}`} className="hover:underline">
                  {run.name}
                </Link>{" "}
                <span className="text-xs text-dim">
                  {run.pipelineName} · {run.state} {run.finishedAt?.slice(0, 10)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function Rules({ settings }: { readonly settings: Settings }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [rows, setRows] = useState<readonly Row[]>(() =>
    settings["retention-rules"].map((rule, id) => ({ ...rule, id })),
  );
  const [days, setDays] = useState(settings["trash-days"]);
  const rules = rows.map(withoutId);
  const preview = useQuery(
    trpc.retention.preview.queryOptions({ rules }, { placeholderData: keepPreviousData, staleTime: 0 }),
  );
  const save = useMutation(
    trpc.settings.save.mutationOptions({
      onSuccess: (all) => {
        queryClient.setQueryData(trpc.settings.list.queryKey(), all);
        void queryClient.invalidateQueries(trpc.retention.pathFilter());
        toast({ title: "Saved" });
      },
      onError: (error) => toast({ tone: "error", title: "It was not saved", description: callProblem(error).message }),
    }),
  );
  const isChanged = JSON.stringify(rules) !== JSON.stringify(settings["retention-rules"]);
  const change = (id: number, part: Partial<RetentionRule>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field id="trash-days" label="Days in the trash" className="w-40">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              value={days}
              onChange={(event) => setDays(wholeNumber(event.target.value))}
            />
          )}
        </Field>
        <Button
          reason={days === settings["trash-days"] ? "It is as it was saved" : undefined}
          onClick={() => save.mutate({ name: "trash-days", value: days })}
        >
          Save the days
        </Button>
      </div>
      {rows.length === 0 ? (
        <p className="text-sm text-dim">No rule: runs stay until somebody deletes them.</p>
      ) : (
        <ul aria-label="Rules" className="flex flex-col gap-3">
          {rows.map((row, at) => (
            <RuleRow
              key={row.id}
              row={row}
              found={preview.data?.rules.length === rows.length ? preview.data.rules[at] : undefined}
              onChange={(part) => change(row.id, part)}
              onRemove={() => setRows(rows.filter(({ id }) => id !== row.id))}
            />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => setRows([...rows, { ...NEW_RULE, id: (rows.at(-1)?.id ?? -1) + 1 }])}>
          <Plus />
          Add a rule
        </Button>
        <Button
          look="primary"
          busy={save.isPending}
          reason={isChanged ? undefined : "The rules are as they were saved"}
          onClick={() => save.mutate({ name: "retention-rules", value: rules })}
        >
          Save the rules
        </Button>
        <span className="text-xs text-dim">
          No rule takes the baseline of an experiment, or a run that is tagged <code>{KEEP_TAG}</code>.
        </span>
      </div>
    </div>
  );
}

export function RulesSection() {
  const trpc = useTRPC();
  const query = useQuery(trpc.settings.list.queryOptions());
  return (
    <Section title="Rules">
      <Loaded query={query} what="rules">
        {(settings) => <Rules settings={settings} />}
      </Loaded>
    </Section>
  );
}
