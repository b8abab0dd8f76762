/** What the gallery shows its components with. */
import type { Problem } from "@/pipelines/graph";
import type { TaskCounts } from "@/server/domain/views/tasks";

export const SAMPLE_COUNTS: readonly TaskCounts[] = [
  {},
  { pending: 4 },
  { succeeded: 3, running: 1, queued: 2, pending: 2 },
  { succeeded: 5, cached: 3 },
  { succeeded: 2, failed: 1, omitted: 3, skipped: 1 },
  { succeeded: 2, canceled: 2, canceling: 1 },
];

export const SAMPLE_PROBLEMS: readonly Problem[] = [
  {
    severity: "error",
    stage: "upload",
    place: "root.dag.tasks.train",
    rule: "circular-reference",
    message: "train waits for eval, and eval for train. Take one of the two dependencies out.",
  },
  {
    severity: "warning",
    stage: "run",
    place: "nodes[2].app_data",
    rule: "unknown-field",
    message: "The field “colour” is not known. It is kept, and nothing is done with it.",
  },
  {
    severity: "hint",
    stage: "container",
    place: "line 12, column 3",
    rule: "image-unused",
    message: "The image is not used: this profile runs steps as processes.",
  },
];
