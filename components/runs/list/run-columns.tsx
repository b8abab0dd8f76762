/** The columns of a list of runs: its own, and one for each parameter, metric and tag that is asked for. */
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { Duration } from "@/components/ui/duration";
import { RelativeTime } from "@/components/ui/time";
import { priorityText } from "@/server/domain/queue/priority";
import type { RunListItem } from "@/server/domain/views/runs";
import { RunStatus } from "../run-status";
import { StepBar } from "../step-bar";
import { FACT_FAMILIES, factColumn, factOfRun, factText } from "./run-facts";
import type { RunScope } from "./run-filters";

type RunColumn = Column<RunListItem>;

const LINK = "rounded-sm text-dim hover:text-ink hover:underline";
/** Names below this length are widened, so that a finger meets no other link; longer ones have to be cut with dots. */
const SHORT = 6;

const state: RunColumn = {
  id: "state",
  header: "State",
  headerHidden: "on phones",
  onPhones: true,
  className: "w-30 max-md:w-9 max-md:pr-0",
  size: 120,
  cell: (run) => (
    <>
      <RunStatus state={run.state} className="max-md:hidden" />
      <RunStatus state={run.state} compact className="pt-0.5 md:hidden" />
    </>
  ),
};

const name: RunColumn = {
  id: "name",
  header: "Name",
  sort: "name",
  onPhones: true,
  size: 260,
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

const pipeline: RunColumn = {
  id: "pipeline",
  header: "Pipeline · version",
  sort: "pipeline",
  className: "w-[19%] max-md:hidden",
  size: 200,
  cell: (run) => (
    <span className="block truncate text-dim">
      {run.pipeline ? (
        <>
          <Link
            href={`/pipelines/${run.pipeline.id}`}
            className={run.pipeline.name.length < SHORT ? `${LINK} inline-block min-w-7` : LINK}
          >
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

const experiment: RunColumn = {
  id: "experiment",
  header: "Experiment",
  sort: "experiment",
  className: "w-[13%] max-xl:hidden",
  cell: (run) => (
    <Link href={`/experiments/${run.experiment.id}`} className={`${LINK} block truncate`}>
      {run.experiment.name}
    </Link>
  ),
};

const steps: RunColumn = {
  id: "steps",
  header: "Steps",
  className: "w-28 max-lg:hidden",
  cell: (run) => (
    <div className="flex h-5 items-center">
      <StepBar counts={run.taskCounts} />
    </div>
  ),
};

const moment = (
  id: "created" | "started" | "finished",
  header: string,
  at: (run: RunListItem) => string | null,
): RunColumn => ({
  id,
  header,
  sort: id,
  className: "w-28 max-md:hidden",
  size: 120,
  cell: (run) => {
    const when = at(run);
    return when === null ? <span className="text-faint">–</span> : <RelativeTime at={when} className="text-dim" />;
  },
});

const took: RunColumn = {
  id: "duration",
  header: "Took",
  sort: "duration",
  isNumber: true,
  className: "w-24 max-md:hidden",
  size: 96,
  cell: (run) => <Duration from={run.startedAt} to={run.finishedAt} />,
};

const words = (id: string, header: string, sort: string | null, text: (run: RunListItem) => string): RunColumn => ({
  id,
  header,
  ...(sort === null ? {} : { sort }),
  cell: (run) => (
    <span className="block truncate text-dim" title={text(run)}>
      {text(run) || <span className="text-faint">–</span>}
    </span>
  ),
});

const tagsText = (run: RunListItem): string =>
  Object.entries(run.tags)
    .map(([tag, value]) => (value === "" ? tag : `${tag}=${value}`))
    .join(", ");

const MORE: readonly RunColumn[] = [
  moment("started", "Started", (run) => run.startedAt),
  moment("finished", "Finished", (run) => run.finishedAt),
  words("version", "Version", "version", (run) => `v${run.version.number}`),
  words("profile", "Profile", "profile", (run) => run.profile),
  words("priority", "Priority", "priority", (run) => priorityText(run.priority)),
  words("origin", "Origin", "origin", (run) => run.origin),
  words("tags", "Tags", null, tagsText),
  words("description", "Description", null, (run) => run.description),
  words("error", "First error", null, (run) => (run.state === "failed" ? (run.reason?.message ?? "") : "")),
  words("id", "Id", null, (run) => run.id),
];

function factOf(id: string): RunColumn | null {
  const fact = factColumn(id);
  if (fact === null) return null;
  const isNumber = fact.family === "metric";
  return {
    id,
    header: fact.name,
    sort: id,
    size: 120,
    ...(isNumber && { isNumber }),
    cell: (run) => {
      const value = factOfRun(run, id);
      if (value === undefined || value === null) return <span className="text-faint">–</span>;
      const text = factText(value);
      return (
        <span className={isNumber ? "block truncate font-mono tabular-nums" : "block truncate font-mono"} title={text}>
          {text}
        </span>
      );
    },
  };
}

/** Those shown by themselves; a list inside a pipeline or an experiment does not repeat its name in every row. */
export const usualColumns = (scope: RunScope): readonly string[] =>
  ["state", "name", "pipeline", "experiment", "steps", "created", "duration"].filter(
    (id) => !(id === "pipeline" && scope.pipelineId) && !(id === "experiment" && scope.experimentId),
  );

const OWN: readonly RunColumn[] = [
  state,
  name,
  pipeline,
  experiment,
  steps,
  moment("created", "Created", (run) => run.createdAt),
  took,
  ...MORE,
];
const BY_ID: ReadonlyMap<string, RunColumn> = new Map(OWN.map((column) => [column.id, column]));

/** The columns with these ids, in their order; an id that is none is left out. */
export const runColumns = (ids: readonly string[]): readonly RunColumn[] =>
  ids.flatMap((id) => BY_ID.get(id) ?? factOf(id) ?? []);

/** Every column that can be shown, given the names of facts. */
export function columnChoices(
  facts: { readonly [family in keyof typeof FACT_FAMILIES]: readonly string[] } | undefined,
) {
  const families = Object.keys(FACT_FAMILIES) as (keyof typeof FACT_FAMILIES)[];
  return [
    ...OWN.map(({ id, header }) => ({ id, label: header })),
    ...families.flatMap((family) =>
      (facts?.[family] ?? []).map((each) => ({
        id: `${family}.${each}`,
        label: `${each} (${FACT_FAMILIES[family].toLowerCase()})`,
      })),
    ),
  ];
}
