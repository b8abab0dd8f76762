/** What people type to mean a run, a pipeline or an experiment: an id, the beginning of one, or a name. */

export const REFERENCE_NOUNS = ["run", "pipeline", "experiment"] as const;
export type ReferenceNoun = (typeof REFERENCE_NOUNS)[number];

/** Fewer characters of an id are too few to mean one. */
export const SHORTEST_BEGINNING = 6;

/** One thing that may be meant. */
export interface ReferenceView {
  readonly id: string;
  readonly name: string;
  /** Of a run. */
  readonly state: string | null;
  readonly createdAt: string;
}

/** What may be meant; `isCut` when there are more. */
export interface ReferencesView {
  readonly items: readonly ReferenceView[];
  readonly isCut: boolean;
}
