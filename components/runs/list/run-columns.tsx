/** The columns of a list of runs. */
import Link from "next/link";
import type { Column } from "@/components/data-table/data-table";
import { Duration } from "@/components/ui/duration";
import { RelativeTime } from "@/components/ui/time";
import type { RunSummary } from "@/server/domain/views";
import { RunStatus } from "../run-status";
import { StepBar } from "../step-bar";
import type { RunScope } from "./run-filters";

const LINK = "rounded-sm text-dim hover:text-ink hover:underline";

const state: Column<RunSummary> = {
  id: "state",
  header: "State",
  headerHidden: "on phones",
  className: "w-30 max-md:w-9 max-md:pr-0",
  cell: (run) => (
    <>
      <RunStatus state={run.state} className="max-md:hidden" />
      <RunStatus state={run.state} compact className="pt-0.5 md:hidden" />
    </>
  ),
};

const name: Column<RunSummary> = {
  id: "name",
  header: "Name",
  sort: "name",
  cell: (run) => (
    <div className="min-w-0">
      <Link href={`/runs/${run.id}`} className="block truncate rounded-sm font-medium hover:underline" title={run.name}>
        {run.name}
      </Link>
      {run.state === "failed" && run.reason ? (
        <p className="truncate text-xs text-failed" title={run.reason.message}>
          {run.reason.message}
        </p>
      ) : null}
      <p className="flex gap-2 truncate text-xs text-dim md:hidden">
        <span className="truncate">{run.pipeline?.name ?? run.pipelineName}</span>
        <RelativeTime at={run.createdAt} />
        <Duration from={run.startedAt} to={run.finishedAt} />
      </p>
    </div>
  ),
};

const pipeline: Column<RunSummary> = {
  id: "pipeline",
  header: "Pipeline · version",
  className: "w-[19%] max-md:hidden",
  cell: (run) => (
    <span className="block truncate text-dim">
      {run.pipeline ? (
        <>
          <Link href={`/pipelines/${run.pipeline.id}`} className={LINK}>
            {run.pipeline.name}
          </Link>
          <Link
            href={`/pipelines/${run.pipeline.id}/versions/${run.version.number}`}
            className={`${LINK} inline-block min-w-7 pl-1.5 text-faint`}
          >
            v{run.version.number}
          </Link>
        </>
      ) : (
        run.pipelineName
      )}
    </span>
  ),
};

const experiment: Column<RunSummary> = {
  id: "experiment",
  header: "Experiment",
  className: "w-[13%] max-xl:hidden",
  cell: (run) => (
    <Link href={`/experiments/${run.experiment.id}`} className={`${LINK} block truncate`}>
      {run.experiment.name}
    </Link>
  ),
};

const steps: Column<RunSummary> = {
  id: "steps",
  header: "Steps",
  className: "w-28 max-lg:hidden",
  cell: (run) => (
    <div className="flex h-5 items-center pt-px">
      <StepBar counts={run.taskCounts} />
    </div>
  ),
};

const started: Column<RunSummary> = {
  id: "created",
  header: "Created",
  sort: "created",
  className: "w-28 max-md:hidden",
  cell: (run) => <RelativeTime at={run.createdAt} className="text-dim" />,
};

const took: Column<RunSummary> = {
  id: "duration",
  header: "Took",
  sort: "duration",
  className: "w-22 max-md:hidden",
  cell: (run) => <Duration from={run.startedAt} to={run.finishedAt} />,
};

/** A list inside a pipeline or an experiment does not repeat its name in every row. */
export function runColumns(scope: RunScope): readonly Column<RunSummary>[] {
  return [
    state,
    name,
    ...(scope.pipelineId ? [] : [pipeline]),
    ...(scope.experimentId ? [] : [experiment]),
    steps,
    started,
    took,
  ];
}
