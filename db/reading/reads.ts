/** Questions that may take long: each is plain data with a plain answer, so that another thread can be asked. */
import type { Executor } from "../client";
import { artifactShares } from "../queries/disk-use";
import { readArtifactItems, readArtifactPage } from "../queries/lists/artifact-page";
import { countRuns, readRunItems, readRunPage } from "../queries/lists/run-page";
import { factNames, suggestedValues } from "../queries/lists/run-suggestions";
import { readTaskItems, readTaskPage } from "../queries/lists/task-page";

export const READS = {
  runPage: readRunPage,
  runItems: readRunItems,
  runCount: countRuns,
  factNames,
  suggestedValues,
  taskPage: readTaskPage,
  taskItems: readTaskItems,
  artifactPage: readArtifactPage,
  artifactItems: readArtifactItems,
  artifactShares,
} satisfies { readonly [name: string]: (db: Executor, question: never) => unknown };

export type ReadName = keyof typeof READS;
export type Question<Name extends ReadName> = Parameters<(typeof READS)[Name]>[1];
export type Answer<Name extends ReadName> = ReturnType<(typeof READS)[Name]>;

/** Answers a question on this thread. */
export function answer<Name extends ReadName>(db: Executor, name: Name, question: Question<Name>): Answer<Name> {
  const read = READS[name] as (db: Executor, question: Question<Name>) => Answer<Name>;
  return read(db, question);
}
