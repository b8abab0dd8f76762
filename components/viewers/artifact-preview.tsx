/** Shows what is inside an artifact, each kind in its own safe way. */
"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { formatBytes } from "@/components/ui/format-time";
import { Skeleton } from "@/components/ui/skeleton";
import type { ArtifactView } from "@/server/domain/views";
import { JsonText } from "./json-text";
import { type PreviewKind, previewKind } from "./preview-kind";

const Markdown = dynamic(() => import("./markdown").then((module) => module.Markdown));
const Notebook = dynamic(() => import("./notebook").then((module) => module.Notebook));

/** Enough of a text to recognise it; the rest is a download away. */
const TEXT_BYTES = 64 * 1024;

export const contentUrl = (artifact: Pick<ArtifactView, "id">): string => `/api/artifacts/${artifact.id}/content`;

async function readContent(url: string, isHead: boolean, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, ...(isHead ? { headers: { Range: `bytes=0-${TEXT_BYTES - 1}` } } : {}) });
  if (response.status === 416) return "";
  if (!response.ok)
    throw new Error(response.status === 404 ? "The file is gone." : `The server answered ${response.status}.`);
  return response.text();
}

function looksBinary(text: string): boolean {
  return text.slice(0, 4096).includes("\u0000");
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
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
  if (looksBinary(text)) return <p className="text-sm text-faint">Not a text. Download it to look inside.</p>;
  const shown = kind === "json" ? prettyJson(text) : text;
  return (
    <>
      <pre className="scroll-thin max-h-96 overflow-auto text-xs leading-5 whitespace-pre-wrap">
        {shown || "An empty file."}
      </pre>
      {artifact.size !== null && artifact.size > TEXT_BYTES && kind === "text" ? (
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
    queryFn: ({ signal }) => readContent(contentUrl(artifact), kind === "text", signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (error) return <p className="text-sm text-failed">It could not be read: {error.message}</p>;
  return data === undefined ? <Skeleton className="w-1/2" /> : <Body kind={kind} text={data} artifact={artifact} />;
}

export function ArtifactPreview({ artifact }: { readonly artifact: ArtifactView }) {
  const kind = previewKind(artifact);
  switch (kind) {
    case "metrics":
      return <JsonText value={{ ...artifact.metadata }} />;
    case "html":
      return (
        <iframe
          title={`Preview of ${artifact.name}`}
          src={`${contentUrl(artifact)}?view=html`}
          sandbox="allow-scripts"
          className="h-96 w-full resize-y overflow-auto rounded-sm border border-line bg-white"
        />
      );
    case "image":
      return (
        // biome-ignore lint/performance/noImgElement: the server gives it as it is
        <img
          src={`${contentUrl(artifact)}?view=inline`}
          alt={artifact.name}
          className="max-h-112 max-w-full rounded-sm bg-white"
        />
      );
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
    case "text":
      return <Fetched kind={kind} artifact={artifact} />;
  }
}
