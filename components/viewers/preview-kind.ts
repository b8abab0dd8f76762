/** Which viewer suits an artifact, told by its type and name; the content is never trusted to say so. */
import { isUiMetadata } from "@/server/domain/display/file-names";
import type { ArtifactView } from "@/server/domain/views/artifacts";

export type PreviewKind =
  | "metrics"
  | "classification"
  | "slices"
  | "displays"
  | "table"
  | "json-lines"
  | "parquet"
  | "html"
  | "markdown"
  | "notebook"
  | "json"
  | "image"
  | "pdf"
  | "text"
  | "directory"
  | "none";

const BY_EXTENSION: { readonly [extension: string]: PreviewKind } = {
  html: "html",
  htm: "html",
  md: "markdown",
  markdown: "markdown",
  ipynb: "notebook",
  json: "json",
  csv: "table",
  tsv: "table",
  jsonl: "json-lines",
  ndjson: "json-lines",
  parquet: "parquet",
  pdf: "pdf",
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
};

const TEXT = new Set("txt log yaml yml toml ini cfg conf py r sh sql js ts css xml svg tex rst out err".split(" "));

const extension = (name: string): string => /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** Larger contents are shown only when somebody asks for it; of the rest only a part is read. */
const SHOWN_BY_ITSELF: { readonly [kind in PreviewKind]?: number } = {
  displays: 16 * 1024 * 1024,
  html: 20_000_000,
  markdown: 1_000_000,
  notebook: 20_000_000,
  json: 2_000_000,
  image: 20_000_000,
  pdf: 50_000_000,
};

/** Kinds whose content is metadata; their files are empty. */
const BY_METADATA: { readonly [type: string]: PreviewKind } = {
  "system.Metrics": "metrics",
  "system.ClassificationMetrics": "classification",
  "system.SlicedClassificationMetrics": "slices",
};

/** The viewer for an artifact; `none` when only a download makes sense. */
export function previewKind(
  artifact: Pick<ArtifactView, "type" | "name" | "uri" | "path" | "isDirectory" | "metadata">,
): PreviewKind {
  const ofMetadata = BY_METADATA[artifact.type];
  if (ofMetadata !== undefined && Object.keys(artifact.metadata).length > 0) return ofMetadata;
  if (artifact.isDirectory) return "directory";
  if (artifact.path === null) return "none";
  const named = [artifact.name, artifact.uri, artifact.path].map(extension).find((each) => each !== "") ?? "";
  const byType =
    artifact.type === "system.HTML" ? "html" : artifact.type === "system.Markdown" ? "markdown" : undefined;
  return (
    (isUiMetadata(artifact.name) ? "displays" : undefined) ??
    byType ??
    BY_EXTENSION[named] ??
    (TEXT.has(named) || named === "" ? "text" : "none")
  );
}

/** Whether an artifact is too large to be shown without being asked for. */
export function isLarge(kind: PreviewKind, size: number | null): boolean {
  return size !== null && size > (SHOWN_BY_ITSELF[kind] ?? Number.POSITIVE_INFINITY);
}
