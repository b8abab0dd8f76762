/** Stores what was read as a version of a pipeline: blobs first, then every row in one transaction. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import {
  findPipeline,
  findPipelineByName,
  insertPipeline,
  replaceTags,
  updatePipelineRow,
} from "@/db/queries/pipeline-rows";
import {
  findUnlistedVersion,
  findVersionOf,
  hasVersionNamed,
  highestNumber,
  pipelineOfVersion,
  textOfVersion,
} from "@/db/queries/version-rows";
import { replaceVersionTags } from "@/db/queries/version-tags";
import { insertVersion } from "@/db/queries/version-writes";
import { newId } from "@/server/domain/ids";
import type { Tags } from "@/server/domain/inputs/shared";
import { ProblemError } from "@/server/domain/problem-error";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { madeBefore, noteMade, type RequestKey } from "../idempotency";
import { nameTaken } from "../pipelines/create-pipeline";
import { pipelineRow } from "../pipelines/get-pipeline";
import { versionRow } from "../pipelines/get-version";
import { withBlobs } from "./blobs";
import { completeWith } from "./complete-version";
import type { ReadPipeline } from "./read-upload";
import { type Placed, uploadView } from "./upload-view";
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
  /** Labels of the pipeline that is made, and of the version. */
  readonly tags?: Tags | undefined;
  readonly versionTags?: Tags | undefined;
  readonly codeSourceUrl?: string | undefined;
  /** The same request makes nothing more. */
  readonly requestKey?: RequestKey | undefined;
  readonly exampleId?: string | undefined;
  /** Keeps an Incomplete version; false refuses it with what is missing. */
  readonly keepIncomplete: boolean;
  /** Takes the newest version for the same text and files instead of making another. */
  readonly reuseNewest: boolean;
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
  const noun = target.pipelineId === null ? "pipeline" : "version";
  const placed = await withBlobs(context, read.files, (tx) => {
    const made = madeBefore(tx, noun, target.requestKey);
    if (made !== undefined) return placedBefore(context, noun, made);
    const stored = place(tx, context, read, target);
    const subject = noun === "pipeline" ? stored.pipelineId : stored.version.id;
    noteMade(tx, noun, target.requestKey, subject, context.now());
    return stored;
  });
  return uploadView(context, placed, read);
}

function place(tx: Db, context: Context, read: ReadPipeline, target: VersionTarget): Placed {
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
}

/** What the same request has placed before: a pipeline with its newest version, or a version. */
function placedBefore(context: Context, noun: "pipeline" | "version", id: string): Placed {
  const pipeline = noun === "pipeline" ? pipelineRow(context, id) : undefined;
  const version = pipeline === undefined ? versionRow(context, id) : findVersionOf(context.db, pipeline.key);
  if (version === undefined) throw new ProblemError("not-found", `The version of pipeline ${id} was deleted.`);
  const pipelineId = pipeline?.id ?? pipelineOfVersion(context.db, version.key)?.id ?? "";
  return { pipelineId, version, missing: version.missing ?? [], unchanged: true };
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
  throw nameTaken(target.name);
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
  if (target.tags !== undefined) replaceTags(tx, key, target.tags);
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
  const versionKey = insertVersion(
    tx,
    {
      id,
      pipelineKey: pipeline.key,
      number,
      name,
      displayName: target.versionDisplayName ?? name,
      description: target.description ?? "",
      codeSourceUrl: target.codeSourceUrl ?? "",
      ...columnsOf(read),
      createdAt: at,
    },
    specOf(read),
    read.files,
  );
  if (target.versionTags !== undefined) replaceVersionTags(tx, versionKey, target.versionTags);
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
