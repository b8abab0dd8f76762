/** All recurring runs. */
"use client";

import { CalendarClock, Plus } from "lucide-react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { RecurringList } from "./recurring-list";

export function RecurringRunsPage() {
  return (
    <Page>
      <Crumbs items={[{ label: "Recurring runs" }]} />
      <PageTitle
        title="Recurring runs"
        actions={
          <ButtonLink look="primary" href="/recurring-runs/new">
            <Plus />
            Create recurring run
          </ButtonLink>
        }
      />
      <RecurringList
        empty={
          <EmptyState
            icon={<CalendarClock />}
            title="No recurring runs yet"
            actions={<ButtonLink href="/recurring-runs/new">Create recurring run</ButtonLink>}
          >
            A recurring run starts a pipeline by itself: every so often, at times of the day, or once in the future.
          </EmptyState>
        }
      />
    </Page>
  );
}
