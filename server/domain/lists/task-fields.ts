/** What executions (the tasks of all runs) and artifacts can be filtered and sorted by. */
import { TASK_STATES } from "../states";
import type { FieldSet } from "./fields";

export const TASK_FIELDS: FieldSet = {
  fields: {
    state: { label: "State", kind: "word", words: TASK_STATES },
    name: { label: "Step", kind: "text" },
    path: { label: "Path", kind: "text" },
    kind: {
      label: "Kind",
      kind: "word",
      words: [
        "container",
        "notebook",
        "python",
        "r",
        "pyspark",
        "importer",
        "dag",
        "loop",
        "condition",
        "exit-handler",
      ],
    },
    error: { label: "Reason", kind: "text" },
    run: { label: "Run", kind: "text" },
    pipeline: { label: "Pipeline", kind: "text" },
    experiment: { label: "Experiment", kind: "text" },
    attempt: { label: "Attempts", kind: "number" },
    created: { label: "Created", kind: "moment" },
    started: { label: "Started", kind: "moment" },
    finished: { label: "Finished", kind: "moment" },
    duration: { label: "Duration", kind: "length" },
  },
  families: {},
};

export const TASK_SORTS = ["created", "started", "finished", "duration", "name", "state", "run", "attempt"] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

export const ARTIFACT_FIELDS: FieldSet = {
  fields: {
    name: { label: "Name", kind: "text" },
    type: { label: "Type", kind: "text" },
    step: { label: "Step", kind: "text" },
    run: { label: "Run", kind: "text" },
    pipeline: { label: "Pipeline", kind: "text" },
    uri: { label: "Location", kind: "text" },
    digest: { label: "Digest", kind: "text" },
    size: { label: "Size in bytes", kind: "number" },
    created: { label: "Created", kind: "moment" },
  },
  families: {},
};

export const ARTIFACT_SORTS = ["created", "name", "type", "size", "run"] as const;
export type ArtifactSort = (typeof ARTIFACT_SORTS)[number];
