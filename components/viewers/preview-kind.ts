/** Which viewer suits an artifact, told by its type and name; the content is never trusted to say so. */
import type { ArtifactView } from "@/server/domain/views";

export type PreviewKind =
  | "metrics"
  | "html"
  | "markdown"
  | "notebook"
  | "json"
  | "image"
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
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
};

const TEXT = new Set(
  "txt log csv tsv yaml yml toml ini cfg conf py r sh sql js ts css xml jsonl ndjson svg tex rst out err".split(" "),
);

const extension = (name: string): string => /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** Larger contents are offered for download only. */
const MAX_PREVIEW: { readonly [kind in PreviewKind]: number } = {
  metrics: 0,
  directory: 0,
  none: 0,
  html: 20_000_000,
  markdown: 1_000_000,
  notebook: 20_000_000,
  json: 2_000_000,
  image: 20_000_000,
  text: Number.POSITIVE_INFINITY,
};

/** The viewer for an artifact; `none` when only a download makes sense. */
export function previewKind(
  artifact: Pick<ArtifactView, "type" | "name" | "uri" | "path" | "size" | "isDirectory" | "metadata">,
): PreviewKind {
  if (artifact.type === "system.Metrics" && Object.keys(artifact.metadata).length > 0) return "metrics";
  if (artifact.isDirectory) return "directory";
  if (artifact.path === null) return "none";
  const named = [artifact.name, artifact.uri, artifact.path].map(extension).find((each) => each !== "") ?? "";
  const byType =
    artifact.type === "system.HTML" ? "html" : artifact.type === "system.Markdown" ? "markdown" : undefined;
  const kind = byType ?? BY_EXTENSION[named] ?? (TEXT.has(named) || named === "" ? "text" : "none");
  return artifact.size !== null && artifact.size > MAX_PREVIEW[kind] ? "none" : kind;
}
