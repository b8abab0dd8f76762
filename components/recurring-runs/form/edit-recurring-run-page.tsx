/** The page that changes a recurring run in place: its history stays. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { UnreadPage } from "@/components/layout/unread-page";
import { useTRPC } from "@/components/trpc/client";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { beginningOf } from "./form-values";
import { SourceForm } from "./source-form";

export function EditRecurringRunPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.recurringRuns.get.queryOptions({ id }));
  if (!query.data) {
    return (
      <UnreadPage
        noun="recurring run"
        list={{ label: "Recurring runs", href: "/recurring-runs" }}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const { name } = query.data;
  return (
    <Page className="pb-0">
      <Crumbs
        items={[
          { label: "Recurring runs", href: "/recurring-runs" },
          { label: name, href: `/recurring-runs/${id}` },
          { label: "Edit" },
        ]}
      />
      <PageTitle
        title={`Edit ${name}`}
        note="Its slots and runs stay. Nothing that has been due is due again, and an interval counts on unless it or the start is changed."
      />
      <EditForm one={query.data} />
    </Page>
  );
}

function EditForm({ one }: { readonly one: RecurringRunView }) {
  // What it was when the form was opened: a change that arrives meanwhile takes nothing away from under the hands.
  const [opened] = useState(one);
  const [source, setSource] = useState({
    pipelineId: opened.pipeline?.id ?? null,
    versionId: opened.version?.id ?? null,
  });
  return <SourceForm {...source} beginning={beginningOf(opened)} editedId={opened.id} onSource={setSource} />;
}
