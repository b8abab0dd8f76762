/** Shows what is inside an artifact, each kind in its own safe way. */
"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatBytes } from "@/components/ui/format-time";
import { PartBoundary } from "@/components/ui/part-boundary";
import { Skeleton } from "@/components/ui/skeleton";
import type { JsonValue } from "@/pipelines/graph";
import type { ArtifactView } from "@/server/domain/views/artifacts";
import { MetricTable } from "./metric-table";
import { isLarge, type PreviewKind, previewKind } from "./preview-kind";

const Markdown = dynamic(() => import("./markdown").then((module) => module.Markdown));
const Notebook = dynamic(() => import("./notebook").then((module) => module.Notebook));
const SeparatedValues = dynamic(() => import("./separated-values").then((module) => module.SeparatedValues));
const JsonLines = dynamic(() => import("./separated-values").then((module) => module.JsonLines));
const ParquetTable = dynamic(() => import("./table/parquet-table").then((module) => module.ParquetTable));
const JsonTree = dynamic(() => import("./json-tree").then((module) => module.JsonTree));
const TextFind = dynamic(() => import("./text-find").then((module) => module.TextFind));
const ImageZoom = dynamic(() => import("./image-zoom").then((module) => module.ImageZoom));
const Displays = dynamic(() => import("./displays").then((module) => module.Displays));
const Classification = dynamic(() => import("./classification").then((module) => module.Classification));
const SlicedClassification = dynamic(() => import("./classification").then((module) => module.SlicedClassification));

/** Enough of a text to recognise it; the rest is a download away. */
const TEXT_BYTES = 256 * 1024;
/** Enough of a table to see what it is. */
const TABLE_BYTES = 2 * 1024 * 1024;

/** How much of a file is read at its beginning; null for all of it. */
const HEAD_BYTES: { readonly [kind in PreviewKind]?: number } = {
  text: TEXT_BYTES,
  table: TABLE_BYTES,
  "json-lines": TABLE_BYTES,
};

/** About as high as what comes, so that the cards below do not move under the pointer when it is there. */
const RESERVED: { readonly [kind in PreviewKind]?: string } = {
  table: "h-48",
  "json-lines": "h-24",
  parquet: "h-112",
  notebook: "h-64",
  image: "h-40",
  html: "h-96",
  pdf: "h-128",
  text: "h-24",
  json: "h-16",
};

const Awaited = ({ kind }: { readonly kind: PreviewKind }) => <Skeleton className={cn("w-full", RESERVED[kind])} />;

export const contentUrl = (artifact: Pick<ArtifactView, "id">): string => `/api/artifacts/${artifact.id}/content`;

async function readContent(url: string, head: number | null, signal: AbortSignal): Promise<string> {
  const range = head === null ? {} : { headers: { Range: `bytes=0-${head - 1}` } };
  const response = await fetch(url, { signal, ...range });
  if (response.status === 416) return "";
  if (!response.ok)
    throw new Error(response.status === 404 ? "The file is gone." : `The server answered ${response.status}.`);
  return response.text();
}

function looksBinary(text: string): boolean {
  return text.slice(0, 4096).includes("\u0000");
}

function jsonIn(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function Body({
  kind,
  text,
  artifact,
}: {
  readonly kind: PreviewKind;
  readonly text: string;
  readonly artifact: ArtifactView;
}) {
  if (kind === "markdown") return <Markdown text={text} />;
  if (kind === "notebook") return <Notebook text={text} />;
  if (kind === "displays") return <Displays text={text} artifactId={artifact.id} />;
  if (looksBinary(text)) return <p className="text-sm text-faint">Not a text. Download it to look inside.</p>;
  const isCut = artifact.size !== null && artifact.size > (HEAD_BYTES[kind] ?? Number.POSITIVE_INFINITY);
  if (kind === "table") return <SeparatedValues name={artifact.name} text={text} isCut={isCut} />;
  if (kind === "json-lines") return <JsonLines name={artifact.name} text={text} isCut={isCut} />;
  const json = kind === "json" ? jsonIn(text) : undefined;
  if (json !== undefined) return <JsonTree name={artifact.name} value={json} />;
  return (
    <>
      <TextFind name={artifact.name} text={text} />
      {isCut && artifact.size !== null ? (
        <p className="mt-1 text-xs text-faint">
          The first {formatBytes(TEXT_BYTES)} of {formatBytes(artifact.size)}.
        </p>
      ) : null}
    </>
  );
}

function Fetched({ kind, artifact }: { readonly kind: PreviewKind; readonly artifact: ArtifactView }) {
  const { data, error } = useQuery({
    queryKey: ["artifact-content", artifact.id, kind],
    queryFn: ({ signal }) => readContent(contentUrl(artifact), HEAD_BYTES[kind] ?? null, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  // What was read once stays on screen, as its reader opened and sorted it, whatever a later reading meets.
  if (data !== undefined) return <Body kind={kind} text={data} artifact={artifact} />;
  if (error) return <p className="text-sm text-failed">It could not be read: {error.message}</p>;
  return <Awaited kind={kind} />;
}

/** A page or document in a frame of its own; asked for first, so that one that is gone says so instead of nothing. */
function Framed({
  artifact,
  view,
  sandbox,
  className,
}: {
  readonly artifact: ArtifactView;
  readonly view: "html" | "inline";
  readonly sandbox?: string;
  readonly className: string;
}) {
  const { data: isThere } = useQuery({
    queryKey: ["artifact-there", artifact.id],
    queryFn: async ({ signal }) => (await fetch(contentUrl(artifact), { method: "HEAD", signal })).ok,
    retry: false,
  });
  if (isThere === undefined) return <Skeleton className={cn("w-full", className)} />;
  if (!isThere) return <p className="text-sm text-faint">The step left no file here, or it is gone.</p>;
  return (
    <iframe
      title={`Preview of ${artifact.name}`}
      src={`${contentUrl(artifact)}?view=${view}`}
      {...(sandbox !== undefined && { sandbox })}
      className={cn("w-full resize-y overflow-auto rounded-sm border border-line bg-white", className)}
    />
  );
}

/** The inside of an artifact; a large one when somebody asks for it. */
export function ArtifactPreview({ artifact }: { readonly artifact: ArtifactView }) {
  const [isAsked, setAsked] = useState(false);
  const kind = previewKind(artifact);
  if (!isAsked && isLarge(kind, artifact.size)) {
    return (
      <div className="flex flex-wrap items-center gap-2 text-sm text-dim">
        It holds {formatBytes(artifact.size ?? 0)}, which may take the browser a while.
        <Button size="sm" onClick={() => setAsked(true)}>
          Show it anyway
        </Button>
      </div>
    );
  }
  // A reader whose code still arrives waits here: without a boundary of its own it holds up the page around it.
  return (
    <PartBoundary what="This artifact">
      <Suspense fallback={<Awaited kind={kind} />}>
        <Shown kind={kind} artifact={artifact} />
      </Suspense>
    </PartBoundary>
  );
}

function Shown({ kind, artifact }: { readonly kind: PreviewKind; readonly artifact: ArtifactView }) {
  switch (kind) {
    case "metrics":
      return <MetricTable metadata={artifact.metadata} />;
    case "classification":
      return <Classification metadata={artifact.metadata} />;
    case "slices":
      return <SlicedClassification metadata={artifact.metadata} />;
    case "html":
      return <Framed artifact={artifact} view="html" sandbox="allow-scripts" className="h-96" />;
    case "image":
      return <ImageZoom name={artifact.name} url={`${contentUrl(artifact)}?view=inline`} />;
    case "pdf":
      return <Framed artifact={artifact} view="inline" className="h-128" />;
    case "parquet":
      return <ParquetTable name={artifact.name} url={contentUrl(artifact)} />;
    case "directory":
      return <p className="text-sm text-dim">A folder. The download is one archive of all its files.</p>;
    case "none":
      return (
        <p className="text-sm text-faint">
          {artifact.path === null
            ? "It lies outside Penstock; follow its address."
            : "No preview for this kind of file. Download it to look inside."}
        </p>
      );
    case "markdown":
    case "notebook":
    case "json":
    case "displays":
    case "table":
    case "json-lines":
    case "text":
      return <Fetched kind={kind} artifact={artifact} />;
  }
}
