/** The tabs of a run beside its steps: what it was given, and everything else about it. */
"use client";

import { Pencil } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { countsInWords } from "@/components/graph/state-counts";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import type { RunOrigin, RunView } from "@/server/domain/views/runs";
import { EditRun } from "./edit-run";
import { RunUsage } from "./run-usage";
import { Fact, Facts, Head } from "./step-panel/facts";
import { ParameterList } from "./step-panel/values";
import { TabBody } from "./tab-body";

export function RunParameters({ run }: { readonly run: RunView }) {
  if (Object.keys(run.parameters).length === 0) {
    return <EmptyState title="No parameters">This version of the pipeline declares none.</EmptyState>;
  }
  return (
    <TabBody>
      <ParameterList parameters={run.parameters} />
    </TabBody>
  );
}

const ORIGIN: { readonly [origin in RunOrigin]: string } = {
  manual: "started by hand",
  recurring: "made by a recurring run",
  api: "started over the API",
  clone: "cloned",
};

/** What people say about the run, and the way to say more. */
function Notes({ run }: { readonly run: RunView }) {
  const [isEditing, setEditing] = useState(false);
  const tags = Object.entries(run.tags).map(([name, value]) => (value === "" ? name : `${name}: ${value}`));
  return (
    <section aria-label="Notes" className="flex items-start gap-4">
      <div className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">
        {run.description === "" ? (
          <p className="text-dim">No notes. Say what this run was for, and what came of it.</p>
        ) : (
          <p className="whitespace-pre-wrap">{run.description}</p>
        )}
        {tags.length === 0 ? null : <p className="mt-1 text-xs text-dim">{tags.join(" · ")}</p>}
      </div>
      <Button size="sm" onClick={() => setEditing(true)}>
        <Pencil />
        Edit
      </Button>
      {isEditing ? <EditRun run={run} onClose={() => setEditing(false)} /> : null}
    </section>
  );
}

export function RunDetails({ run }: { readonly run: RunView }) {
  return (
    <TabBody>
      <Notes run={run} />
      <Head>Facts</Head>
      <Facts>
        <Fact name="Run id">
          <span className="font-mono text-xs">{run.id}</span>{" "}
          <CopyButton text={run.id} label="Copy run id" className="-my-1 h-6 w-6 align-middle" />
        </Fact>
        <Fact name="Origin">
          {ORIGIN[run.origin]}
          {run.recurringRun === null ? null : (
            <>
              {", "}
              <Link href={`/recurring-runs/${run.recurringRun.id}`} className="underline">
                {run.recurringRun.name}
              </Link>
            </>
          )}
        </Fact>
        <Fact name="Experiment">
          <Link href={`/experiments/${run.experiment.id}`} className="underline">
            {run.experiment.name}
          </Link>
        </Fact>
        <Fact name="Pipeline">
          {run.pipeline === null ? (
            run.pipelineName
          ) : (
            <Link href={`/pipelines/${run.pipeline.id}/versions/${run.version.number}`} className="underline">
              {run.pipeline.name}, version {run.version.number}
            </Link>
          )}
        </Fact>
        <Fact name="Profile">{run.profile}</Fact>
        <Fact name="Results">
          {run.cache === "use" ? "reused where nothing changed" : "not reused"}
          {run.cacheOff.length === 0 ? "" : `, but for ${run.cacheOff.map(decodeURIComponent).join(", ")}`}
        </Fact>
        {run.stopsOnFailure ? <Fact name="On failure">the first one stops the run</Fact> : null}
        <Fact name="Tasks">{countsInWords(run.taskCounts) || "none yet"}</Fact>
      </Facts>
      <Head>Times</Head>
      <Facts>
        <Fact name="Created">
          <Time at={run.createdAt} />
        </Fact>
        <Fact name="Waited">
          <Duration from={run.createdAt} to={run.startedAt ?? run.finishedAt} className="text-sm" />
        </Fact>
        {run.startedAt === null ? null : (
          <Fact name="Started">
            <Time at={run.startedAt} />
          </Fact>
        )}
        {run.finishedAt === null ? null : (
          <Fact name="Finished">
            <Time at={run.finishedAt} />
          </Fact>
        )}
        <Fact name="Took">
          <Duration from={run.startedAt} to={run.finishedAt} className="text-sm" />
        </Fact>
      </Facts>
      <RunUsage id={run.id} />
      {run.reason === null ? null : (
        <>
          <Head>Why it is in this state</Head>
          <p className="text-sm whitespace-pre-wrap">{run.reason.message}</p>
        </>
      )}
    </TabBody>
  );
}
