/** The columns of the list of pipelines. */
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { momentColumn, numberColumn, textColumn } from "@/components/lists/plain-columns";
import { LastRuns } from "@/components/runs/last-runs";
import { RunStatus } from "@/components/runs/run-status";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/time";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import { FORMAT_NAMES } from "../format-names";

const tagText = ({ tags }: PipelineSummary): string =>
  Object.entries(tags)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

/** Every column there is; those shown by themselves come first. */
export const PIPELINE_COLUMNS: readonly Column<PipelineSummary>[] = [
  {
    id: "name",
    header: "Name",
    sort: "name",
    onPhones: true,
    size: 280,
    cell: (pipeline) => (
      <div className="min-w-0">
        <Link
          href={`/pipelines/${pipeline.id}`}
          className="block truncate rounded-sm font-medium hover:underline"
          title={pipeline.name}
        >
          {pipeline.name}
        </Link>
        {pipeline.description ? <p className="truncate text-xs text-dim">{pipeline.description}</p> : null}
        {pipeline.lastRun ? (
          <p className="flex items-center gap-2 text-xs text-dim md:hidden">
            <RunStatus state={pipeline.lastRun.state} className="text-xs [&_svg]:size-3.5" />
            <RelativeTime at={pipeline.lastRun.createdAt} />
          </p>
        ) : null}
      </div>
    ),
  },
  {
    id: "format",
    header: "Format",
    className: "w-36 max-lg:hidden",
    cell: (pipeline) => <span className="text-dim">{FORMAT_NAMES[pipeline.format]}</span>,
  },
  {
    id: "version",
    header: "Version",
    onPhones: true,
    size: 144,
    className: "w-36 max-md:w-32",
    cell: ({ latestVersion }) =>
      latestVersion ? (
        <span className="flex items-center gap-2">
          v{latestVersion.number}
          {latestVersion.state === "incomplete" ? <Badge tone="warning">incomplete</Badge> : null}
        </span>
      ) : null,
  },
  {
    id: "steps",
    header: "Steps",
    sort: "steps",
    size: 96,
    isNumber: true,
    className: "w-20 max-lg:hidden",
    cell: (pipeline) => pipeline.latestVersion?.stepCount,
  },
  {
    id: "runs",
    header: "Runs",
    sort: "runs",
    size: 96,
    isNumber: true,
    className: "w-20 max-md:hidden",
    cell: (pipeline) => pipeline.runCount.toLocaleString("en"),
  },
  {
    id: "last",
    header: "Last run",
    sort: "last",
    size: 192,
    className: "w-48 max-md:hidden",
    cell: ({ lastRun }) =>
      lastRun ? (
        <Link href={`/runs/${lastRun.id}`} className="flex items-center gap-2 rounded-sm hover:underline">
          <RunStatus state={lastRun.state} />
          <RelativeTime at={lastRun.createdAt} className="text-xs text-dim" />
        </Link>
      ) : (
        <span className="text-faint">never</span>
      ),
  },
  {
    id: "results",
    header: "Last results",
    size: 152,
    className: "w-38 max-xl:hidden",
    cell: ({ lastRuns }) => <LastRuns runs={lastRuns} />,
  },
  {
    id: "updated",
    header: "Updated",
    size: 120,
    sort: "updated",
    className: "w-28 max-xl:hidden",
    cell: (pipeline) => <RelativeTime at={pipeline.updatedAt} className="text-dim" />,
  },
  {
    id: "run",
    header: "Create run",
    headerHidden: "always",
    className: "w-24 py-0.5 text-right max-md:hidden",
    cell: ({ id, latestVersion }) =>
      latestVersion?.state === "runnable" ? (
        <ButtonLink
          size="sm"
          href={`/runs/new?pipeline=${id}`}
          className="opacity-0 group-hover/row:opacity-100 group-focus-within/row:opacity-100"
        >
          Run
        </ButtonLink>
      ) : null,
  },
  momentColumn("created", "Created", ({ createdAt }) => createdAt, { sort: "created" }),
  numberColumn("versions", "Versions", ({ versionCount }) => versionCount, { sort: "versions" }),
  textColumn("state", "State", ({ latestVersion }) => latestVersion?.state ?? null, 112),
  textColumn("tags", "Tags", tagText, 200),
  textColumn("profile", "Profile", ({ profile }) => profile),
  textColumn("description", "Description", ({ description }) => description, 260),
  textColumn("id", "Id", ({ id }) => id, 300),
];

export const USUAL_PIPELINE_COLUMNS: readonly string[] = [
  "name",
  "format",
  "version",
  "steps",
  "runs",
  "last",
  "results",
  "updated",
  "run",
];
