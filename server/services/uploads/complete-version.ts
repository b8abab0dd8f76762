/** Completes an Incomplete version with files that came later. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import { filesOfVersion, findVersion, textOfVersion, type VersionRow } from "@/db/queries/version-rows";
import { completeVersionRow } from "@/db/queries/version-writes";
import { folderOf, joinPath, seenFrom } from "@/pipelines/elyra/paths";
import { ProblemError } from "@/server/domain/problem-error";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { withBlobs } from "./blobs";
import { fitFiles } from "./fit-files";
import type { BundleFile, ReadPipeline } from "./read-upload";
import { type Placed, uploadView } from "./upload-view";
import { versionDigest } from "./version-digest";

/** Adds files to an Incomplete version: those it had stay where the text sees them, unless one of the same path came anew. */
export function completeWith(
  tx: Db,
  at: Date,
  pipelineId: string,
  version: VersionRow,
  added: readonly BundleFile[],
  read: Pick<ReadPipeline, "graph" | "problems" | "text" | "specFile">,
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
    graph: read.graph,
    problems: read.problems,
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
