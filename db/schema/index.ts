/** Every table, as drizzle needs them together. */
export { artifact, metric, runArtifact, taskArtifact } from "./artifact";
export { signInCode } from "./auth";
export { blob } from "./blob";
export { event, heartbeat } from "./event";
export { experiment } from "./experiment";
export { pipeline, pipelineTag } from "./pipeline";
export { profile } from "./profile";
export { recurringRun, slot } from "./recurring-run";
export { run, runCount, runNotice, runOutput, runParameter } from "./run";
export { setting } from "./setting";
export { attempt, task, taskValue } from "./task";
export { version, versionFile, versionSpec } from "./version";
