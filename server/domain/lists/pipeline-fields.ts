/** What pipelines can be filtered and sorted by; version, state, format and steps are those of the latest version. */
import { RUN_STATES, VERSION_STATES } from "../states";
import type { FieldSet } from "./fields";

export const PIPELINE_FIELDS: FieldSet = {
  fields: {
    text: { label: "Anything", kind: "search" },
    name: { label: "Name", kind: "text" },
    description: { label: "Description", kind: "text" },
    format: { label: "Format", kind: "word", words: ["kfp", "elyra", "notebook"] },
    state: { label: "State", kind: "word", words: VERSION_STATES },
    version: { label: "Latest version", kind: "number" },
    versions: { label: "Versions", kind: "number" },
    steps: { label: "Steps", kind: "number" },
    profile: { label: "Profile", kind: "text" },
    runs: { label: "Runs", kind: "number" },
    running: { label: "Running runs", kind: "number" },
    succeeded: { label: "Succeeded runs", kind: "number" },
    failed: { label: "Failed runs", kind: "number" },
    last: { label: "Last run", kind: "moment" },
    result: { label: "Last result", kind: "word", words: RUN_STATES },
    created: { label: "Created", kind: "moment" },
    updated: { label: "Updated", kind: "moment" },
    id: { label: "Id", kind: "text" },
  },
  families: { tag: { label: "Tag", kind: "text" } },
};

export const PIPELINE_SORTS = [
  "updated",
  "created",
  "name",
  "last",
  "versions",
  "steps",
  "runs",
  "running",
  "succeeded",
  "failed",
] as const;
export type PipelineSort = (typeof PIPELINE_SORTS)[number];
