/** The actions that a place offers as text: each place's list, from what the place knows. */

import { SNIPPETS } from "@/server/domain/snippets";
import { isRunOver } from "@/server/domain/states";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { PipelineSummary, VersionView } from "@/server/domain/views/pipelines";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { CopyChoice } from "./copy-as-dialog";

type RunVerb = "retry" | "archive" | "restore" | "terminate" | "delete" | "move to front";

const RUN_VERBS: {
  readonly [verb in RunVerb]: {
    readonly label: string;
    readonly snippets: (ids: readonly string[]) => CopyChoice["snippets"];
  };
} = {
  terminate: { label: "Terminate", snippets: (ids) => (origin) => SNIPPETS.cancelRuns(origin, { ids, isHard: false }) },
  "move to front": {
    label: "Move to the front",
    snippets: (ids) => (origin) => SNIPPETS.moveRunsToFront(origin, { ids }),
  },
  retry: { label: "Retry", snippets: (ids) => (origin) => SNIPPETS.retryRuns(origin, { ids }) },
  archive: { label: "Archive", snippets: (ids) => (origin) => SNIPPETS.archiveRuns(origin, { ids }) },
  restore: { label: "Restore", snippets: (ids) => (origin) => SNIPPETS.restoreRuns(origin, { ids }) },
  delete: { label: "Delete", snippets: (ids) => (origin) => SNIPPETS.deleteRuns(origin, { ids }) },
};

/** One action with several runs. */
export const runsChoice = (verb: RunVerb, ids: readonly string[]): CopyChoice => ({
  label: RUN_VERBS[verb].label,
  snippets: RUN_VERBS[verb].snippets(ids),
});

const verbsOf = ({ state, archivedAt }: RunSummary): readonly RunVerb[] => {
  if (!isRunOver(state)) return ["terminate", "move to front"];
  if (archivedAt !== null) return ["restore", "delete"];
  return state === "succeeded" ? ["archive"] : ["retry", "archive"];
};

const valuesOf = (run: RunView, specFile: string | null) => ({
  id: run.id,
  name: run.name,
  pipelineId: run.pipeline?.id ?? null,
  versionId: run.version.id,
  experimentId: run.experiment.id,
  experimentName: run.experiment.name,
  specFile: specFile ?? run.pipelineName,
  parameters: run.parameters,
});

/** Everything that the page of a run can do now. */
export function runChoices(run: RunView, specFile: string | null): readonly CopyChoice[] {
  const { id, name } = run;
  const again: CopyChoice = {
    label: "Start the same run",
    snippets: (origin) => SNIPPETS.startRun(origin, valuesOf(run, specFile)),
  };
  return [
    again,
    ...verbsOf(run).map((verb) => runsChoice(verb, [id])),
    { label: "Rename", snippets: (origin) => SNIPPETS.renameRun(origin, { id, name }) },
    {
      label: "Report a metric",
      snippets: (origin) =>
        SNIPPETS.reportMetrics(origin, { runId: id, metrics: [{ name: "accuracy", value: 0.9, index: 1 }] }),
    },
  ];
}

/** What can be done from a step of a run. */
export function stepChoices(
  run: RunView,
  step: { readonly path: string; readonly stepPath: string; readonly task: number | null; readonly attempt: number },
): readonly CopyChoice[] {
  const { task } = step;
  const part = { run: valuesOf(run, null), step: step.stepPath };
  const upTo: CopyChoice = { label: "Run up to here", snippets: (origin) => SNIPPETS.runUpToStep(origin, part) };
  const from: CopyChoice = { label: "Re-run from here", snippets: (origin) => SNIPPETS.rerunFromStep(origin, part) };
  const parts = isRunOver(run.state) ? [from, upTo] : [upTo];
  if (task === null || step.attempt === 0) return parts;
  const log = { runId: run.id, step: step.path, task, attempt: step.attempt };
  return [{ label: "Fetch the log", snippets: (origin) => SNIPPETS.downloadLog(origin, log) }, ...parts];
}

/** What the page of a pipeline can do. */
export function pipelineChoices(
  pipeline: PipelineSummary,
  version: Pick<VersionView, "id" | "number" | "specFile">,
): readonly CopyChoice[] {
  const { id, name, description, tags, versionCount } = pipeline;
  const { specFile, number } = version;
  return [
    {
      label: "Upload a new version",
      snippets: (origin) =>
        SNIPPETS.uploadVersion(origin, { pipelineId: id, files: [specFile], name: `${name} ${versionCount + 1}` }),
    },
    { label: "Rename", snippets: (origin) => SNIPPETS.changePipeline(origin, { id, name }) },
    {
      label: "Change description and tags",
      snippets: (origin) => SNIPPETS.changePipeline(origin, { id, description, tags }),
    },
    {
      label: `Delete version ${number}`,
      snippets: (origin) => SNIPPETS.deleteVersion(origin, { pipelineId: id, id: version.id, number }),
    },
    {
      label: `Restore version ${number} after deleting`,
      snippets: (origin) => SNIPPETS.restoreVersion(origin, { id: version.id }),
    },
    { label: "Delete", snippets: (origin) => SNIPPETS.deletePipeline(origin, { id }) },
    { label: "Restore after deleting", snippets: (origin) => SNIPPETS.restorePipeline(origin, { id }) },
  ];
}

/** What the page of an experiment can do. */
export function experimentChoices({ id, archivedAt, isDefault }: ExperimentView): readonly CopyChoice[] {
  if (isDefault) return [];
  return [
    archivedAt === null
      ? { label: "Archive with its runs", snippets: (origin) => SNIPPETS.archiveExperiment(origin, { id }) }
      : { label: "Restore with its runs", snippets: (origin) => SNIPPETS.restoreExperiment(origin, { id }) },
    { label: "Delete", snippets: (origin) => SNIPPETS.deleteExperiment(origin, { id }) },
    { label: "Restore after deleting", snippets: (origin) => SNIPPETS.undeleteExperiment(origin, { id }) },
  ];
}
