/** A recurring run: when it is due, how it goes, its slots, its runs and what was done to it. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Crumbs } from "@/components/layout/crumbs";
import { Page } from "@/components/layout/page";
import { UnreadPage } from "@/components/layout/unread-page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { useRecurringActions } from "../use-recurring-actions";
import { ChangesTab } from "./changes-tab";
import { OverviewTab } from "./overview-tab";
import { RecurringTitle } from "./recurring-title";
import { RunsTab } from "./runs-tab";
import { SlotsTab } from "./slots-tab";

const TABS = { overview: "Overview", slots: "Slots", runs: "Runs", changes: "Changes" } as const;
type Tab = keyof typeof TABS;
const NAMES = Object.keys(TABS) as Tab[];

export function RecurringRunPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.recurringRuns.get.queryOptions({ id }));
  useRefresh(
    ["recurring-runs"],
    [
      trpc.recurringRuns.get.queryFilter({ id }),
      trpc.recurringRuns.changes.queryFilter({ id }),
      trpc.recurringRuns.preview.queryFilter(),
    ],
    1000,
  );
  // Their states come from runs, which move more often than schedules do.
  useRefresh(
    ["recurring-runs", "runs"],
    [
      trpc.recurringRuns.figures.queryFilter({ id }),
      trpc.recurringRuns.days.queryFilter(),
      trpc.recurringRuns.slots.queryFilter(),
    ],
    2000,
  );
  if (query.data === undefined) return <NotShown id={id} error={query.error} onRetry={() => void query.refetch()} />;
  return <Body one={query.data} />;
}

function NotShown({
  id,
  error,
  onRetry,
}: {
  readonly id: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}) {
  const actions = useRecurringActions();
  return (
    <UnreadPage
      noun="recurring run"
      list={{ label: "Recurring runs", href: "/recurring-runs" }}
      error={error}
      onRetry={onRetry}
      actions={
        error && callProblem(error).code === "not-found" ? (
          <Button
            size="sm"
            busy={actions.isBusy}
            onClick={() => void actions.run("restore", [{ id, name: "The recurring run" }])}
          >
            Restore it
          </Button>
        ) : undefined
      }
    />
  );
}

function Body({ one }: { readonly one: RecurringRunView }) {
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(NAMES).withDefault("overview").withOptions({ history: "push" }),
  );
  return (
    <Page>
      <Crumbs items={[{ label: "Recurring runs", href: "/recurring-runs" }, { label: one.name }]} />
      <RecurringTitle one={one} />
      <Tabs value={tab} onValueChange={(next) => void setTab(NAMES.find((each) => each === next) ?? null)}>
        <TabsList aria-label="About this recurring run" className="mb-4">
          {NAMES.map((name) => (
            <TabsTrigger key={name} value={name}>
              {TABS[name]}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="overview">
          <OverviewTab one={one} />
        </TabsContent>
        <TabsContent value="slots">
          <SlotsTab one={one} />
        </TabsContent>
        <TabsContent value="runs">
          <RunsTab one={one} />
        </TabsContent>
        <TabsContent value="changes">
          <ChangesTab one={one} />
        </TabsContent>
      </Tabs>
    </Page>
  );
}
