/** What of the run page stands in its address: view, selection, tab, attempt, line, and how the lists are filtered. */
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { LEVELS } from "@/components/logs/log-levels";
import { TASK_STATES } from "@/server/domain/states";

export const RUN_VIEWS = ["graph", "timeline", "steps", "log", "outputs", "parameters", "details"] as const;
export type RunViewName = (typeof RUN_VIEWS)[number];

export const PANEL_TABS = [
  "cells",
  "inside",
  "logs",
  "overview",
  "values",
  "attempts",
  "configuration",
  "code",
] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

const PARSERS = {
  view: parseAsStringLiteral(RUN_VIEWS),
  task: parseAsInteger,
  /** A step that has no task yet, or a task inside a loop, by its path. */
  step: parseAsString,
  tab: parseAsStringLiteral(PANEL_TABS),
  attempt: parseAsInteger,
  line: parseAsInteger,
  /** A line of the log of all steps, by its place. */
  at: parseAsString,
  /** Which lines of logs are shown; all where none is chosen. */
  level: parseAsArrayOf(parseAsStringLiteral(LEVELS)).withDefault([]),
  find: parseAsString.withDefault(""),
  /** Which iterations of a loop are listed. */
  show: parseAsStringLiteral(TASK_STATES),
  q: parseAsString.withDefault(""),
  sort: parseAsString,
};

/** Choosing a view or a step is a step back in the history; typing and line clicks are not. */
export function useRunUrl() {
  return useQueryStates(PARSERS, { history: "replace" });
}

export type RunUrl = ReturnType<typeof useRunUrl>[0];
export type SetRunUrl = ReturnType<typeof useRunUrl>[1];
