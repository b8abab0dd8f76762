/** What runs can be filtered by. */
import { RUN_STATES } from "../states";
import { RUN_ORIGINS } from "../views/runs";
import type { FieldSet } from "./fields";

export const RUN_FIELDS: FieldSet = {
  fields: {
    text: { label: "Anything", kind: "search" },
    state: { label: "State", kind: "word", words: RUN_STATES },
    name: { label: "Name", kind: "text" },
    description: { label: "Description", kind: "text" },
    error: { label: "First error", kind: "text" },
    pipeline: { label: "Pipeline", kind: "text" },
    version: { label: "Version", kind: "number" },
    experiment: { label: "Experiment", kind: "text" },
    profile: { label: "Profile", kind: "text" },
    priority: { label: "Priority", kind: "number" },
    origin: { label: "Origin", kind: "word", words: RUN_ORIGINS },
    recurring: { label: "Recurring run", kind: "text" },
    created: { label: "Created", kind: "moment" },
    scheduled: { label: "Scheduled", kind: "moment" },
    started: { label: "Started", kind: "moment" },
    finished: { label: "Finished", kind: "moment" },
    duration: { label: "Duration", kind: "length" },
    archived: { label: "Archived", kind: "flag" },
    id: { label: "Id", kind: "text" },
  },
  families: {
    param: { label: "Parameter", kind: "any" },
    metric: { label: "Metric", kind: "number" },
    tag: { label: "Tag", kind: "text" },
  },
};
