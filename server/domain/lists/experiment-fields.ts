/** What experiments can be filtered and sorted by. */
import type { FieldSet } from "./fields";

const EXPERIMENT_STATES = ["active", "archived"] as const;

export const EXPERIMENT_FIELDS: FieldSet = {
  fields: {
    text: { label: "Anything", kind: "search" },
    state: { label: "State", kind: "word", words: EXPERIMENT_STATES },
    name: { label: "Name", kind: "text" },
    description: { label: "Description", kind: "text" },
    runs: { label: "Runs", kind: "number" },
    running: { label: "Running runs", kind: "number" },
    succeeded: { label: "Succeeded runs", kind: "number" },
    failed: { label: "Failed runs", kind: "number" },
    last: { label: "Last run", kind: "moment" },
    created: { label: "Created", kind: "moment" },
    archived: { label: "Archived", kind: "moment" },
    id: { label: "Id", kind: "text" },
  },
  families: {},
};

export const EXPERIMENT_SORTS = [
  "last",
  "created",
  "name",
  "runs",
  "running",
  "succeeded",
  "failed",
  "archived",
] as const;
export type ExperimentSort = (typeof EXPERIMENT_SORTS)[number];
