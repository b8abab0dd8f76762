/** What runs can be sorted by; apart from their fields, because every list of runs loads it. */

/** Columns of their own that runs can be sorted by; parameters, metrics and tags are sorted by too. */
export const RUN_SORTS = [
  "created",
  "scheduled",
  "started",
  "finished",
  "duration",
  "name",
  "state",
  "pipeline",
  "version",
  "experiment",
  "profile",
  "priority",
  "origin",
] as const;
export type RunSort = (typeof RUN_SORTS)[number];

const FAMILY_SORT = /^(?:param|metric|tag)\../s;

/** Whether runs can be sorted by this: a column of their own, or `metric.accuracy` and its like. */
export const isRunSort = (text: string): boolean =>
  RUN_SORTS.some((sort) => sort === text) || (FAMILY_SORT.test(text) && text.length <= 1_100);
