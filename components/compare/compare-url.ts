/** What of a comparison stands in its address: the runs in their order, the baseline, and the whole layout. */
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

export const COMPARE_VIEWS = ["table", "charts", "artifacts", "specification", "logs"] as const;
export type CompareView = (typeof COMPARE_VIEWS)[number];

export const SECTIONS = ["parameters", "metrics", "steps", "artifacts", "versions", "environment"] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Which value of a series stands for it. */
export const PICKS = ["last", "low", "high"] as const;
export type Pick = (typeof PICKS)[number];

const PARSERS = {
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  /** The run that the others are measured against; absent: the experiment's, else the first. */
  base: parseAsString,
  view: parseAsStringLiteral(COMPARE_VIEWS).withDefault("table"),
  /** Rows that are equal everywhere are shown too. */
  all: parseAsBoolean.withDefault(false),
  fold: parseAsArrayOf(parseAsStringLiteral(SECTIONS)).withDefault([]),
  q: parseAsString.withDefault(""),
  pick: parseAsStringLiteral(PICKS).withDefault("last"),
  /** Charts: metrics drawn as bars, the series, the two axes of the scatter, and those of the parallel coordinates. */
  bars: parseAsArrayOf(parseAsString),
  series: parseAsString,
  x: parseAsString,
  y: parseAsString,
  axes: parseAsArrayOf(parseAsString),
  /** Artifacts: which one, by step and name. */
  artifact: parseAsString,
  /** Specification and logs: the run that stands beside the baseline. */
  with: parseAsString,
  step: parseAsString,
  lines: parseAsStringLiteral(["beside", "diff"]).withDefault("beside"),
};

/** Choosing is a step back in the history; typing is not. */
export function useCompareUrl() {
  return useQueryStates(PARSERS, { history: "push" });
}

export type CompareUrl = ReturnType<typeof useCompareUrl>[0];
export type SetCompareUrl = ReturnType<typeof useCompareUrl>[1];
