/** Finds the definitions of a pipeline's custom nodes among its files and compiles the nodes by them. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { folderOf, joinPath } from "@/pipelines/elyra/paths";
import { type BundleText, hasComponents, resolveComponents, textInputs } from "@/pipelines/elyra/resolve-components";
import type { PipelineGraph, Problem } from "@/pipelines/graph";
import type { Context } from "../context";

const LARGEST_DEFINITION = 256 * 1024;
const LARGEST_TEXT = 1024 * 1024;
const MOST_DEFINITIONS = 500;

interface Read {
  readonly graph: PipelineGraph;
  readonly problems: readonly Problem[];
  readonly specFile: string;
}

interface StoredFile {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly tmpFile: string | null;
}

/** The same with every custom node compiled whose definition is among the files. */
export async function withComponents<T extends Read>(
  { dataDir }: Pick<Context, "dataDir">,
  read: T,
  files: readonly StoredFile[],
): Promise<T> {
  if (!hasComponents(read.graph)) return read;
  const text = async (file: StoredFile): Promise<string | null> => {
    const bytes = await readFile(file.tmpFile ?? dataDir.blob(file.digest));
    const decoded = bytes.toString("utf8");
    return decoded.includes("\0") || decoded.includes("\ufffd") ? null : decoded;
  };
  const definitions: BundleText[] = [];
  const yaml = files.filter(({ path, size }) => /\.ya?ml$/i.test(path) && size <= LARGEST_DEFINITION);
  for (const file of yaml.slice(0, MOST_DEFINITIONS)) {
    definitions.push({ path: file.path, text: (await text(file)) ?? "" });
  }
  const texts = new Map<string, string>();
  for (const name of new Set(textInputs(read.graph))) {
    const path = joinPath(folderOf(read.specFile), name);
    const file = files.find((one) => one.path === path && one.size <= LARGEST_TEXT);
    const content = file === undefined ? null : await text(file);
    if (content !== null) texts.set(name, content);
  }
  const resolved = resolveComponents(read.graph, read.problems, {
    definitions,
    read: (path) => texts.get(path) ?? null,
    hash: (content) => createHash("sha256").update(content).digest("hex"),
  });
  return { ...read, ...resolved };
}
