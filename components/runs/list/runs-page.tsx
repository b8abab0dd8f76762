/** The page of all runs. */
"use client";

import { Play, Plus } from "lucide-react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { RunList } from "./run-list";

const EVERYWHERE = {};

export function RunsPage() {
  return (
    <Page>
      <Crumbs items={[{ label: "Runs" }]} />
      <PageTitle
        title="Runs"
        actions={
          <ButtonLink look="primary" href="/runs/new">
            <Plus />
            Create run
          </ButtonLink>
        }
      />
      <RunList
        scope={EVERYWHERE}
        empty={
          <EmptyState
            icon={<Play />}
            title="Nothing has run yet"
            actions={
              <>
                <ButtonLink look="primary" href="/pipelines/new">
                  Upload a pipeline
                </ButtonLink>
                <ButtonLink href="/">Try an example</ButtonLink>
              </>
            }
          >
            A run is one execution of a pipeline: its steps, logs, outputs and metrics are kept here. Upload a .pipeline
            file, a compiled Kubeflow pipeline or a notebook to start.
          </EmptyState>
        }
      />
    </Page>
  );
}
