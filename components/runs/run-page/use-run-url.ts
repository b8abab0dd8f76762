/** What of the run page stands in its address: view, selection, tab, attempt, line, and how the lists are filtered. */
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

export const RUN_VIEWS = ["graph", "timeline", "steps", "outputs", "parameters", "details"] as const;
export type RunViewName = (typeof RUN_VIEWS)[number];

export const PANEL_TABS = ["logs", "overview", "values", "attempts", "configuration", "code"] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

const PARSERS = {
  view: parseAsStringLiteral(RUN_VIEWS),
  task: parseAsInteger,
  /** A step that has no task yet, by its path. */
  step: parseAsString,
  tab: parseAsStringLiteral(PANEL_TABS),
  attempt: parseAsInteger,
  line: parseAsInteger,
  q: parseAsString.withDefault(""),
  sort: parseAsString,
};

/** Choosing a view or a step is a step back in the history; typing and line clicks are not. */
export function useRunUrl() {
  return useQueryStates(PARSERS, { history: "replace" });
}

export type RunUrl = ReturnType<typeof useRunUrl>[0];
export type SetRunUrl = ReturnType<typeof useRunUrl>[1];
