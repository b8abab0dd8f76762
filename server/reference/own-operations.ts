/** The operations beside Kubeflow's API: files, uploads, metrics, health. Those that move bytes follow their table of routes. */
import type { z } from "zod";
import { UploadInput } from "@/server/domain/inputs/pipelines";
import { EXPERIMENT_SORTS } from "@/server/domain/lists/experiment-fields";
import { PIPELINE_SORTS } from "@/server/domain/lists/pipeline-fields";
import { RECURRING_SORTS } from "@/server/domain/lists/recurring-fields";
import { RUN_SORTS } from "@/server/domain/lists/run-sorts";
import { ARTIFACT_SORTS, TASK_SORTS } from "@/server/domain/lists/task-fields";
import { ReportMetricsInput } from "@/server/domain/metric-report";
import type { Described, Parameter } from "./operations";

export interface OwnOperation extends Described {
  readonly noun: "Pipelines" | "Experiments" | "Runs" | "Recurring runs" | "Artifacts" | "Server";
  /** A JSON body. */
  readonly input?: z.ZodType;
  /** The query as a schema. */
  readonly search?: z.ZodType;
  /** What comes back, where it is no JSON. */
  readonly answers?: "text/plain" | "text/csv" | "application/octet-stream" | "text/html";
  readonly isOpen?: boolean;
  readonly failsWith?: readonly number[];
}

const DOWNLOAD = { answers: "application/octet-stream" } as const;

/** A whole list as a file. */
const listExport = (
  noun: OwnOperation["noun"],
  one: string,
  sorts: readonly string[],
  more: readonly Parameter[] = [],
): OwnOperation => ({
  noun,
  summary: `Export every ${one} of a choice`,
  note: "The whole result as a stream, in the order of the list.",
  query: [
    { name: "format", about: "csv or json." },
    { name: "columns", about: "A column of the file; given once for each." },
    { name: "where", about: "A filter as it is written in lists." },
    { name: "sort", about: `What the list is sorted by, with direction asc or desc: ${sorts.join(", ")}.` },
    ...more,
  ],
  answers: "text/csv",
});

/** By method and path, `{name}` for what a pattern takes. */
export const OWN_OPERATIONS: { readonly [operation: string]: OwnOperation } = {
  "POST /api/uploads": {
    noun: "Pipelines",
    summary: "Upload a pipeline with its files",
    note: "A form with a path field before each file. With pipelineId it becomes a new version.",
    search: UploadInput,
    body: "files",
  },
  "POST /api/versions/{id}/files": {
    noun: "Pipelines",
    summary: "Add the files that a version misses",
    body: "files",
  },
  "GET /api/versions/{id}/file": {
    noun: "Pipelines",
    summary: "Fetch a file of a version",
    query: [{ name: "path", about: "Path of the file within the version." }],
    ...DOWNLOAD,
  },
  "POST /api/runs/{id}/metrics": {
    noun: "Runs",
    summary: "Report metrics of a run",
    note: "Up to 1,000 at once, all or none. A metric of the same name, index and step is replaced.",
    input: ReportMetricsInput,
  },
  "GET /api/tasks/{task}/attempts/{number}/{part}": {
    noun: "Runs",
    summary: "Fetch the log of an attempt",
    note: "By range while it grows; log-times has the times of its lines. Values of secrets are hidden.",
    query: [{ name: "download", about: "Sends it as a file." }],
    answers: "text/plain",
  },
  "GET /api/artifacts/{key}/content": {
    noun: "Artifacts",
    summary: "Fetch an artifact",
    note: "A directory comes as .tar.gz.",
    query: [
      { name: "path", about: "A file within a directory." },
      { name: "view", about: "inline or html to show it instead of saving it." },
    ],
    ...DOWNLOAD,
  },
  "GET /api/artifacts/{key}/displays/{entry}": {
    noun: "Artifacts",
    summary: "A page that stands in a display file",
    answers: "text/html",
  },
  "GET /api/artifacts/{key}/entries": { noun: "Artifacts", summary: "List the files of a directory artifact" },
  "GET /api/changes": {
    noun: "Runs",
    summary: "Follow what changes",
    note: "Server-sent events, one for each change, until the client leaves; the header last-event-id goes on where a stream broke off.",
    query: [
      { name: "topic", about: "What is followed, such as runs; given once for each." },
      { name: "lastEventId", about: "The number of the last change that is known." },
    ],
    answers: "text/plain",
  },
  "GET /api/runs/export": listExport("Runs", "run", RUN_SORTS),
  "GET /api/executions/export": listExport("Runs", "execution", TASK_SORTS),
  "GET /api/artifacts/export": listExport("Artifacts", "artifact", ARTIFACT_SORTS),
  "GET /api/recurring-runs/export": listExport("Recurring runs", "recurring run", RECURRING_SORTS, [
    { name: "enabled", about: "true or false; absent for all." },
    { name: "search", about: "A part of the name." },
  ]),
  "GET /api/experiments/export": listExport("Experiments", "experiment", EXPERIMENT_SORTS),
  "GET /api/pipelines/export": listExport("Pipelines", "pipeline", PIPELINE_SORTS),
  "GET /healthz": { noun: "Server", summary: "Says that the web process lives", answers: "text/plain", isOpen: true },
  "GET /readyz": {
    noun: "Server",
    summary: "Says whether runs are worked on",
    note: "503 while the engine has given no sign of life for 5 s.",
    answers: "text/plain",
    isOpen: true,
  },
  "GET /metrics": { noun: "Server", summary: "Figures for Prometheus", answers: "text/plain" },
  "GET /api/openapi.json": { noun: "Server", summary: "This reference as an OpenAPI document" },
};
