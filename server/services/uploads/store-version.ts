/** Stores what was read as a version of a pipeline: blobs first, then every row in one transaction. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import { findPipeline, findPipelineByName, insertPipeline, updatePipelineRow } from "@/db/queries/pipeline-rows";
import {
  filesOfVersion,
  findUnlistedVersion,
  findVersion,
  findVersionOf,
  hasVersionNamed,
  highestNumber,
  textOfVersion,
  type VersionRow,
} from "@/db/queries/version-rows";
import { completeVersionRow, insertVersion } from "@/db/queries/version-writes";
import { folderOf, joinPath, seenFrom } from "@/pipelines/elyra/paths";
import { newId } from "@/server/domain/ids";
import { ProblemError } from "@/server/domain/problem-error";
import type { UploadView } from "@/server/domain/views";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { withBlobs } from "./blobs";
import { fitFiles } from "./fit-files";
import type { BundleFile, ReadPipeline } from "./read-upload";
import { versionDigest } from "./version-digest";

/** Where a version goes and what it is called. */
export interface VersionTarget {
  /** The pipeline that gets a version; null makes one, or takes the one that has `name` unless that must be new. */
  readonly pipelineId: string | null;
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly description: string | null;
  /** Refuses a name that is taken instead of adding a version to its pipeline. */
  readonly isNewPipeline: boolean;
  readonly versionName?: string | undefined;
  readonly versionDisplayName?: string | undefined;
  readonly exampleId?: string | undefined;
  /** Keeps an Incomplete version; false refuses it with what is missing. */
  readonly keepIncomplete: boolean;
  /** Takes the newest version for the same text and files instead of making another. */
  readonly reuseNewest: boolean;
}

interface Placed {
  readonly pipelineId: string;
  readonly version: Pick<VersionRow, "id" | "number">;
  readonly missing: readonly string[];
  readonly unchanged: boolean;
}

function refuseMissing(missing: readonly string[]): never {
  const problems = missing.map((path) => ({
    severity: "error" as const,
    stage: "run" as const,
    place: path,
    rule: "missing-file",
    message: `The pipeline names ${path}, which is not among the files.`,
  }));
  const names = missing.slice(0, 5).join(", ");
  throw new ProblemError("refused", `Files are missing: ${names}. Upload the pipeline together with them.`, problems);
}

/** Stores a pipeline that was read. Throws `conflict` for a taken name, `refused` when it may not be Incomplete. */
export async function storeVersion(context: Context, read: ReadPipeline, target: VersionTarget): Promise<UploadView> {
  if (!target.keepIncomplete && read.missing.length > 0) refuseMissing(read.missing);
  const placed = await withBlobs(context, read.files, (tx) => {
    const existing = findTarget(tx, target);
    if (existing === null) return addPipeline(tx, context.now(), read, target);
    const { exampleId } = target;
    if (exampleId !== undefined) updatePipelineRow(tx, existing.key, { exampleId, updatedAt: context.now() });
    const newest = target.reuseNewest ? findVersionOf(tx, existing.key) : undefined;
    const digest = versionDigest(read.text, read.files);
    if (newest?.digest === digest) {
      return { pipelineId: existing.id, version: newest, missing: newest.missing ?? [], unchanged: true };
    }
    if (newest?.state === "incomplete" && textOfVersion(tx, newest.key)?.text === read.text) {
      return { pipelineId: existing.id, ...completeWith(tx, context.now(), existing.id, newest, read.files, read) };
    }
    const version = addVersion(tx, context.now(), existing, read, target);
    return { pipelineId: existing.id, version, missing: read.missing, unchanged: false };
  });
  return uploadView(context, placed, read);
}

function findTarget(tx: Db, target: VersionTarget): { key: number; id: string } | null {
  if (target.pipelineId !== null) {
    const row = findPipeline(tx, target.pipelineId);
    if (row === undefined) throw new ProblemError("not-found", `Pipeline ${target.pipelineId} not found.`);
    return row;
  }
  const row = findPipelineByName(tx, target.name);
  if (row === undefined) return null;
  if (!target.isNewPipeline) return row;
  throw new ProblemError(
    "conflict",
    `Failed to create a new pipeline. The name ${target.name} already exist(s). Please specify a new name`,
  );
}

function addPipeline(tx: Db, at: Date, read: ReadPipeline, target: VersionTarget): Placed {
  const id = newId();
  const key = insertPipeline(tx, {
    id,
    name: target.name,
    displayName: target.displayName ?? target.name,
    description: target.description ?? read.graph.description,
    exampleId: target.exampleId ?? null,
    createdAt: at,
    updatedAt: at,
  });
  addEvent(tx, { at, topic: "pipeline", subject: id, kind: "created" });
  const version = addVersion(tx, at, { key, id }, read, target);
  return { pipelineId: id, version, missing: read.missing, unchanged: false };
}

/** A free name: the one wanted must be free, one made up from the number steps aside. */
function versionName(tx: Db, pipelineKey: number, wanted: string | undefined, number: number): string {
  const name = wanted ?? `v${number}`;
  if (!hasVersionNamed(tx, pipelineKey, name)) return name;
  if (wanted === undefined) return `v${number} ${newId().slice(0, 8)}`;
  throw new ProblemError(
    "conflict",
    `Failed to create a new pipeline version. The name ${name} already exist. Specify a new name`,
  );
}

function addVersion(
  tx: Db,
  at: Date,
  pipeline: { readonly key: number; readonly id: string },
  read: ReadPipeline,
  target: VersionTarget,
): { id: string; number: number } {
  const number = highestNumber(tx, pipeline.key) + 1;
  const name = versionName(tx, pipeline.key, target.versionName, number);
  const id = newId();
  insertVersion(
    tx,
    {
      id,
      pipelineKey: pipeline.key,
      number,
      name,
      displayName: target.versionDisplayName ?? name,
      description: target.description ?? "",
      ...columnsOf(read),
      createdAt: at,
    },
    specOf(read),
    read.files,
  );
  updatePipelineRow(tx, pipeline.key, { updatedAt: at });
  addEvent(tx, { at, topic: "pipeline", subject: pipeline.id, kind: "version-created" });
  return { id, number };
}

function columnsOf(read: ReadPipeline) {
  return {
    format: read.format,
    formatVersion: read.graph.formatVersion,
    state: read.missing.length > 0 ? ("incomplete" as const) : ("runnable" as const),
    digest: versionDigest(read.text, read.files),
    stepCount: read.graph.steps.length,
  };
}

function specOf({ specFile, text, graph, problems, missing }: ReadPipeline) {
  return { specFile, text, graph, problems, missing };
}

/** Adds files to an Incomplete version: those it had stay where the text sees them, unless one of the same path came anew. */
function completeWith(
  tx: Db,
  at: Date,
  pipelineId: string,
  version: VersionRow,
  added: readonly BundleFile[],
  read: Pick<ReadPipeline, "graph" | "text" | "specFile">,
): Omit<Placed, "pipelineId"> {
  const past = folderOf(textOfVersion(tx, version.key)?.file ?? read.specFile);
  const kept = filesOfVersion(tx, version.key).flatMap((file): BundleFile[] => {
    const path = joinPath(folderOf(read.specFile), seenFrom(past, file.path));
    return path === null ? [] : [{ ...file, path, tmpFile: null }];
  });
  const addedPaths = added.map((file) => file.path);
  const paths = [read.specFile, ...kept.map((file) => file.path)].filter((path) => !addedPaths.includes(path));
  const fitted = fitFiles(read.graph, read.specFile, paths, addedPaths);
  const byPath = new Map<string, BundleFile>();
  for (const file of [...kept, ...added]) {
    const path = fitted.files.get(file.path);
    if (path !== undefined && path !== fitted.specFile) byPath.set(path, { ...file, path });
  }
  const files = [...byPath.values()];
  const digest = versionDigest(read.text, files);
  const missing = fitted.missing;
  if (digest === version.digest) return { version, missing, unchanged: true };
  const to = {
    digest,
    state: missing.length > 0 ? ("incomplete" as const) : ("runnable" as const),
    missing,
    specFile: fitted.specFile,
    at,
  };
  if (!completeVersionRow(tx, version.key, { digest: version.digest }, to, files)) {
    throw new ProblemError("conflict", "The version was completed by another upload meanwhile. Look at it again.");
  }
  addEvent(tx, { at, topic: "pipeline", subject: pipelineId, kind: "version-completed" });
  return { version, missing, unchanged: false };
}

/** Adds files to an Incomplete version of a pipeline. The caller has read the version. */
export async function addFiles(
  context: Context,
  pipelineId: string,
  version: VersionRow,
  added: readonly BundleFile[],
  read: Pick<ReadPipeline, "graph" | "text" | "specFile" | "problems">,
): Promise<UploadView> {
  const placed = await withBlobs(context, added, (tx) => {
    const current = findVersion(tx, version.id);
    if (current?.state !== "incomplete") {
      throw new ProblemError("conflict", "The version is complete by now. Upload the files as a new version instead.");
    }
    return { pipelineId, ...completeWith(tx, context.now(), pipelineId, current, added, read) };
  });
  return uploadView(context, placed, read);
}

/** Stores an inline specification as an unlisted version, once by its digest. Returns the version's id. */
export async function storeUnlisted(context: Context, read: ReadPipeline): Promise<string> {
  return write(context.db, (tx) => {
    const columns = columnsOf(read);
    const known = findUnlistedVersion(tx, columns.digest);
    if (known !== undefined) return known.id;
    const id = newId();
    const names = { name: read.graph.name, displayName: read.graph.name };
    const row = { id, pipelineKey: null, number: 1, ...names, ...columns, createdAt: context.now() };
    insertVersion(tx, row, specOf(read), []);
    return id;
  });
}

function uploadView(context: Context, placed: Placed, read: Pick<ReadPipeline, "problems">): UploadView {
  const pipeline = findPipeline(context.db, placed.pipelineId, { deleted: true });
  const { id, number } = placed.version;
  return {
    pipeline: { id: placed.pipelineId, name: pipeline?.displayName ?? "" },
    version: {
      id,
      number,
      state: placed.missing.length > 0 ? "incomplete" : "runnable",
      missing: placed.missing,
    },
    unchanged: placed.unchanged,
    problems: read.problems,
  };
}
