/** What recurring runs can be filtered and sorted by. */
import { CATCH_UPS, OVERLAPS } from "../recurrence/words";
import type { FieldSet } from "./fields";

export const RECURRING_STATES = ["enabled", "disabled", "ended"] as const;

export const RECURRING_FIELDS: FieldSet = {
  fields: {
    text: { label: "Anything", kind: "search" },
    state: { label: "State", kind: "word", words: RECURRING_STATES },
    name: { label: "Name", kind: "text" },
    description: { label: "Description", kind: "text" },
    pipeline: { label: "Pipeline", kind: "text" },
    version: { label: "Pinned version", kind: "number" },
    experiment: { label: "Experiment", kind: "text" },
    profile: { label: "Profile", kind: "text" },
    zone: { label: "Time zone", kind: "text" },
    cap: { label: "At once", kind: "number" },
    overlap: { label: "On overlap", kind: "word", words: OVERLAPS },
    catchup: { label: "Catch-up", kind: "word", words: CATCH_UPS },
    runs: { label: "Runs", kind: "number" },
    next: { label: "Next", kind: "moment" },
    start: { label: "Starts", kind: "moment" },
    end: { label: "Ends", kind: "moment" },
    created: { label: "Created", kind: "moment" },
    updated: { label: "Changed", kind: "moment" },
    id: { label: "Id", kind: "text" },
  },
  families: {
    param: { label: "Parameter", kind: "any" },
    tag: { label: "Tag", kind: "text" },
  },
};

export const RECURRING_SORTS = ["created", "updated", "name", "next"] as const;
