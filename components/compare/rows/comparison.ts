/** A comparison ready to draw: every row of every section, then those that are shown with the number of those that are not. */
import type { ComparedRun, ComparisonView } from "@/server/domain/views/compare";
import { type Pick, SECTIONS, type SectionName } from "../compare-url";
import { artifactRows, environmentRows, versionRows } from "./fact-rows";
import type { Row } from "./row";
import { stepRows } from "./step-rows";
import { metricRows, parameterRows } from "./value-rows";

export type Sections = { readonly [section in SectionName]: readonly Row[] };

/** All rows, equal ones too. */
export function allSections(view: ComparisonView, baseline: number, pick: Pick): Sections {
  return {
    parameters: parameterRows(view),
    metrics: metricRows(view, baseline, pick),
    steps: stepRows(view, baseline),
    artifacts: artifactRows(view),
    versions: versionRows(view),
    environment: environmentRows(view),
  };
}

/** Place of the run that the others are measured against: the one chosen, else the experiment's, else the first. */
export function baselinePlace(runs: readonly ComparedRun[], chosen: string | null): number {
  const placeOf = (id: string | undefined) => runs.findIndex((run) => run.id === id);
  const wanted = placeOf(chosen ?? undefined);
  if (wanted >= 0) return wanted;
  const known = runs.map((run) => placeOf(run.baseline?.id)).find((place) => place >= 0);
  return known ?? 0;
}

export interface SectionHead {
  readonly kind: "head";
  readonly section: SectionName;
  readonly isFolded: boolean;
  readonly shown: number;
  /** Rows of the section that are hidden because all runs agree. */
  readonly equal: number;
  /** Rows that the server left out because there are too many. */
  readonly leftOut: number;
}

export interface ShownRow {
  readonly kind: "row";
  readonly row: Row;
}

export interface Shown {
  /** Heads and rows from top to bottom. */
  readonly lines: readonly (SectionHead | ShownRow)[];
  readonly hidden: number;
}

export interface Choice {
  readonly showsEqual: boolean;
  readonly folded: readonly SectionName[];
  readonly search: string;
}

const leftOutOf = (view: ComparisonView, section: SectionName): number =>
  section === "metrics" || section === "steps" || section === "artifacts" ? view.leftOut[section] : 0;

/** What of a comparison is shown; sections without any row are left out. */
export function shownLines(view: ComparisonView, sections: Sections, choice: Choice): Shown {
  const search = choice.search.trim().toLowerCase();
  const isFound = (row: Row) =>
    search === "" || row.name.toLowerCase().includes(search) || (row.note ?? "").toLowerCase().includes(search);
  let hidden = 0;
  const lines = SECTIONS.flatMap((section): (SectionHead | ShownRow)[] => {
    const found = sections[section].filter(isFound);
    if (found.length === 0) return [];
    const rows = choice.showsEqual ? found : found.filter((row) => !row.isEqual);
    const equal = found.length - rows.length;
    hidden += equal;
    const isFolded = choice.folded.includes(section);
    const head = {
      kind: "head",
      section,
      isFolded,
      shown: rows.length,
      equal,
      leftOut: leftOutOf(view, section),
    } as const;
    return [head, ...(isFolded ? [] : rows.map((row): ShownRow => ({ kind: "row", row })))];
  });
  return { lines, hidden };
}
