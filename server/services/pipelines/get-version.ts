/** Reads one version: everything its page shows, or its text. */
import { startQueries } from "@/db/queries/run-start";
import {
  filesOfVersion,
  findVersion,
  findVersionOf,
  pipelineOfVersion,
  specOfVersion,
  textOfVersion,
  type VersionRow,
  versionSummary,
} from "@/db/queries/version-rows";
import type { GetVersionInput } from "@/server/domain/inputs/pipelines";
import { ProblemError } from "@/server/domain/problem-error";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { defaultRefusals } from "../runs/start-judgement";
import { refusalsOf } from "../runs/startable";
import { pipelineRow } from "./get-pipeline";

/** A version whose stored graph cannot be read back. */
const damaged = (id: string): ProblemError =>
  new ProblemError("conflict", `What is stored of version ${id} is damaged. Upload the pipeline again.`);

/** The row of a version; runs keep theirs after it was deleted. Throws `not-found`. */
export function versionRow(context: Context, id: string, options: { deleted?: boolean } = {}): VersionRow {
  const row = findVersion(context.db, id, options);
  if (row === undefined) throw new ProblemError("not-found", `Version ${id} not found. It may have been deleted.`);
  return row;
}

function versionView(context: Context, row: VersionRow): VersionView {
  const spec = specOfVersion(context.db, row.key);
  if (spec === undefined) throw damaged(row.id);
  return {
    ...versionSummary(row),
    pipeline: pipelineOfVersion(context.db, row.key) ?? null,
    graph: spec.graph,
    problems: spec.problems,
    refusals: [
      ...refusalsOf(spec.graph, spec.problems, spec.missing),
      ...defaultRefusals(context.db, spec.graph, startQueries(context.db).version(row.id)?.pipelineProfile ?? null),
    ],
    files: filesOfVersion(context.db, row.key).map(({ path, size, digest }) => ({ path, size, digest })),
    specFile: spec.specFile,
  };
}

/** A pipeline's version by number, the newest without one. Throws `not-found`. */
export function getVersion(context: Context, { id, number }: GetVersionInput): VersionView {
  const pipeline = pipelineRow(context, id);
  const row = findVersionOf(context.db, pipeline.key, number);
  if (row === undefined) {
    const what = number === undefined ? "no version yet" : `no version ${number}`;
    throw new ProblemError("not-found", `The pipeline ${pipeline.displayName} has ${what}.`);
  }
  return versionView(context, row);
}

/** A version by its id, also an unlisted or deleted one that runs still show. Throws `not-found`. */
export function getVersionById(context: Context, id: string): VersionView {
  return versionView(context, versionRow(context, id, { deleted: true }));
}

/** The pipeline text of a version and its file name. Throws `not-found`. */
export function getSpecText(context: Context, id: string): { file: string; text: string } {
  const text = textOfVersion(context.db, versionRow(context, id, { deleted: true }).key);
  if (text === undefined) throw damaged(id);
  return text;
}
