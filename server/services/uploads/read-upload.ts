/** Reads what was uploaded: opens an archive, finds the pipeline text, parses it and fits the other files around it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FileRow } from "@/db/queries/version-rows";
import type { PipelineFormat, PipelineGraph, Problem } from "@/pipelines/graph";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { chooseText } from "./choose-text";
import { fitFiles } from "./fit-files";
import { isArchive, openArchive } from "./open-archive";
import { cleanPaths, type ReceivedFile } from "./received";
import { withComponents } from "./with-components";

const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** A file of a version: its bytes are in `tmpFile`, or in the store already when that is null. */
export interface BundleFile extends FileRow {
  readonly tmpFile: string | null;
}

/** A pipeline that was read and may be stored. */
export interface ReadPipeline {
  /** Name of the uploaded file that holds the text. */
  readonly fileName: string;
  readonly text: string;
  readonly format: PipelineFormat;
  readonly graph: PipelineGraph;
  readonly problems: readonly Problem[];
  readonly specFile: string;
  readonly files: readonly BundleFile[];
  readonly missing: readonly string[];
}

/** Opens the archive among the files, if the files are one or bring one beside no pipeline of their own. */
export async function withOpenedArchive<T>(
  context: Context,
  received: readonly ReceivedFile[],
  use: (files: readonly ReceivedFile[], archive: ReceivedFile | null) => Promise<T>,
): Promise<T> {
  const files = cleanPaths(received);
  const archive = await findArchive(files);
  if (archive === null) return use(files, null);
  const folder = await mkdtemp(join(context.dataDir.tmp, "archive-"));
  try {
    const inside = await openArchive(archive, join(folder, "files"));
    return await use(cleanPaths([...inside, ...files.filter((file) => file !== archive)]), archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findArchive(files: readonly ReceivedFile[]): Promise<ReceivedFile | null> {
  if (files.some((file) => /\.(?:pipeline|ya?ml|json)$/i.test(file.path))) return null;
  for (const file of files) if (await isArchive(file)) return file;
  return null;
}

/** Reads the pipeline among the files. Throws `invalid` or `too-large`, with every problem of the text. */
export async function readPipeline(
  context: Context,
  files: readonly ReceivedFile[],
  isFromArchive: boolean,
): Promise<ReadPipeline> {
  const chosen = chooseText(
    files.map((file) => file.path),
    isFromArchive,
  );
  if (!chosen.ok) throw new ProblemError("invalid", chosen.message);
  const source = files.find((file) => file.path === chosen.path);
  if (source === undefined) throw new Error("the chosen text is one of the files");
  if (source.size > MAX_TEXT_BYTES) {
    throw new ProblemError(
      "too-large",
      `${source.path} is larger than ${MAX_TEXT_BYTES / 1024 / 1024} MiB. Keep data out of the pipeline and pass it as a file.`,
    );
  }
  const text = await readFile(source.tmpFile, "utf8");
  const parsed = await parseText(context, source.path, text);
  const fitted = fitFiles(
    parsed.graph,
    source.path,
    files.map((file) => file.path),
  );
  const bundle = files.flatMap(({ path, digest, size, tmpFile, isExecutable = false }) => {
    const at = fitted.files.get(path);
    const isText = path === source.path && parsed.format === "elyra";
    return at === undefined || isText ? [] : [{ path: at, digest, size, isExecutable, tmpFile }];
  });
  const { specFile, missing } = fitted;
  const problems = [...parsed.problems, ...fitted.problems];
  const read = { ...parsed, problems, text, fileName: source.path, specFile, missing, files: bundle };
  return withComponents(context, read, bundle);
}

/** Parses a text. Throws `invalid` with its problems. */
export async function parseText(
  context: Context,
  fileName: string,
  text: string,
): Promise<{ format: PipelineFormat; graph: PipelineGraph; problems: readonly Problem[] }> {
  const outcome = await context.parse({ fileName, text });
  if (outcome.ok) return { format: outcome.graph.format, graph: outcome.graph, problems: outcome.problems };
  const errors = outcome.problems.filter((problem) => problem.severity === "error");
  const [first] = errors.length > 0 ? errors : outcome.problems;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new ProblemError("invalid", `${first?.message ?? "The file cannot be read."}${more}`, outcome.problems);
}
