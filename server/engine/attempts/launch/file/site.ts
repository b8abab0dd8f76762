/** Where a file step works: in the run's workspace beside its file, or alone in a directory that holds what was declared. */
import { basename, dirname, join } from "node:path";
import { matchDependencies } from "@/pipelines/elyra/bundle";
import { folderOf, joinPath, levelsUp, seenFrom } from "@/pipelines/elyra/paths";
import type { FileBody } from "@/pipelines/graph";
import type { DataDir } from "@/server/platform/data-dir";
import { type AttemptRequest, StartRefusal } from "../../contract";
import type { AttemptPaths } from "../plan";

export interface FileSite {
  /** What the step may write to; outputs outside it are not kept. Their names are relative to it. */
  readonly root: string;
  readonly cwd: string;
  /** The step's own file. */
  readonly file: string;
}

/** The site of an attempt, whether or not it is laid out yet. */
export function fileSite(request: AttemptRequest, body: FileBody, paths: AttemptPaths, dataDir: DataDir): FileSite {
  const { run } = request;
  if (run.fileMode === "isolated") return isolatedSite(request, body, paths);
  const root = dataDir.workspace(run.key);
  const file = join(root, pathInBundle(request, body));
  return { root, cwd: dirname(file), file };
}

/** Path of the step's file in the bundle; the node names it as seen from the `.pipeline`. Throws `StartRefusal`. */
export function pathInBundle({ run }: AttemptRequest, { file }: FileBody): string {
  const path = joinPath(folderOf(run.specFile), file);
  if (path !== null && path !== "" && levelsUp(path) === 0) return path;
  throw new StartRefusal({
    code: "missing-file",
    message: `The file ${file} lies outside the files of this version. Upload a folder that holds both it and the pipeline.`,
    subject: file,
  });
}

/** What a step's archive holds: paths in the bundle, each with its place as seen from the step's file. */
export interface Archive {
  readonly files: readonly { readonly path: string; readonly at: string }[];
  /** Dependencies, as written, that no file of the bundle answers. */
  readonly unmatched: readonly string[];
}

/** The step's own file and its matched dependencies. */
export function archiveOf(request: AttemptRequest, body: FileBody): Archive {
  const file = pathInBundle(request, body);
  const { files, unmatched } = matchDependencies(
    { ...body, file },
    request.run.files.map(({ path }) => path),
  );
  return { files: files.map((path) => ({ path, at: seenFrom(folderOf(file), path) })), unmatched };
}

/** A dependency above the step's folder keeps its place: the working directory then lies as deep as that asks for. */
function isolatedSite(request: AttemptRequest, body: FileBody, { work }: AttemptPaths): FileSite {
  const lift = Math.max(0, ...archiveOf(request, body).files.map(({ at }) => levelsUp(at)));
  const folders = folderOf(pathInBundle(request, body)).split("/");
  const cwd = lift === 0 ? work : join(work, ...folders.slice(-lift));
  return { root: cwd, cwd, file: join(cwd, basename(body.file)) };
}
