/** The one table of snippets: every action of the pages, with the values it takes, as curl, Python and command. */
import {
  archiveExperiment,
  changePipeline,
  createExperiment,
  deleteExperiment,
  deletePipeline,
  restoreExperiment,
  restorePipeline,
  uploadPipeline,
  uploadVersion,
} from "./definitions";
import {
  createRecurringRun,
  deleteRecurringRuns,
  disableRecurringRuns,
  enableRecurringRuns,
  restoreRecurringRuns,
  runRecurringRuns,
} from "./recurring-runs";
import {
  archiveRuns,
  cancelRuns,
  deleteRuns,
  downloadArtifact,
  downloadLog,
  renameRun,
  reportMetrics,
  rerunFromStep,
  restoreRuns,
  retryRuns,
  runUpToStep,
  startRun,
} from "./runs";
import {
  addVolume,
  changeSetting,
  removeProfile,
  removeSecret,
  removeVolume,
  saveProfile,
  setSecret,
} from "./surroundings";

export type { Snippet, Snippets } from "./snippet";

/** By action; an action that is added to the pages is added here, and to the test that executes them. */
export const SNIPPETS = {
  uploadPipeline,
  uploadVersion,
  deletePipeline,
  restorePipeline,
  changePipeline,
  createExperiment,
  archiveExperiment,
  restoreExperiment,
  deleteExperiment,
  startRun,
  rerunFromStep,
  runUpToStep,
  cancelRuns,
  retryRuns,
  archiveRuns,
  restoreRuns,
  deleteRuns,
  renameRun,
  downloadLog,
  downloadArtifact,
  reportMetrics,
  createRecurringRun,
  enableRecurringRuns,
  disableRecurringRuns,
  deleteRecurringRuns,
  restoreRecurringRuns,
  runRecurringRuns,
  saveProfile,
  removeProfile,
  setSecret,
  removeSecret,
  addVolume,
  removeVolume,
  changeSetting,
} as const;

export type SnippetAction = keyof typeof SNIPPETS;
