/** One artifact: what it is, how large, its digest, a download, and a look inside on demand. */
"use client";

import { ChevronRight, Download } from "lucide-react";
import { useState } from "react";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import { Badge } from "@/components/ui/badge";
import { buttonClass } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format-time";
import { SNIPPETS } from "@/server/domain/snippets";
import type { ArtifactView } from "@/server/domain/views/artifacts";
import { ArtifactPreview, contentUrl } from "./artifact-preview";

/** Small pictures, tables of metrics and short texts open by themselves. */
const opensItself = (artifact: ArtifactView): boolean =>
  /^system\.(?:Sliced)?(?:Classification)?Metrics$/.test(artifact.type) ||
  (artifact.size !== null && artifact.size <= 64 * 1024 && !artifact.isDirectory);

/** What the download is called. */
function fileOf(name: string, { path, isDirectory }: ArtifactView): string {
  const own = path?.split("/").at(-1) ?? name;
  return isDirectory ? `${own}.tar.gz` : own;
}

export function ArtifactCard({
  name,
  artifact,
  isOpen: opensOpen = opensItself(artifact),
}: {
  readonly name: string;
  readonly artifact: ArtifactView;
  /** Whether it shows its inside at once; small ones do by themselves. */
  readonly isOpen?: boolean;
}) {
  const [isOpen, setOpen] = useState(opensOpen);
  return (
    <section aria-label={`Artifact ${name}`} className="my-2 rounded-md border border-line">
      <div className="flex items-center gap-2 py-1 pr-1 pl-1.5">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-7 min-w-0 flex-1 items-center gap-1.5 rounded-sm text-left text-sm"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-4 shrink-0 text-faint transition-transform duration-120", isOpen && "rotate-90")}
          />
          <span className="truncate font-medium">{name}</span>
          <Badge>{artifact.type.replace(/^system\./, "")}</Badge>
          <span className="ml-auto shrink-0 font-mono text-xs text-dim">
            {artifact.size === null ? "" : formatBytes(artifact.size)}
          </span>
        </button>
        {artifact.path === null ? null : (
          <CopyAsButton
            size="sm"
            of="this artifact"
            choices={[
              {
                label: "Fetch",
                snippets: (origin) =>
                  SNIPPETS.downloadArtifact(origin, { id: artifact.id, file: fileOf(name, artifact) }),
              },
            ]}
          />
        )}
        {artifact.path === null ? null : (
          <a
            href={contentUrl(artifact)}
            download
            title="Download"
            aria-label={`Download ${name}`}
            className={buttonClass("ghost", "sm", "w-7 px-0")}
          >
            <Download aria-hidden />
          </a>
        )}
      </div>
      {isOpen ? (
        <div className="border-t border-line px-3 py-2">
          <ArtifactPreview artifact={artifact} />
          <p className="mt-2 flex items-center gap-1 text-2xs text-faint">
            <span className="min-w-0 truncate font-mono" title={artifact.uri}>
              {artifact.uri}
            </span>
            <CopyButton text={artifact.uri} label="Copy the address" className="h-6" />
            {artifact.digest === null ? null : (
              <>
                <span className="shrink-0 font-mono whitespace-nowrap" title={artifact.digest}>
                  sha256 {artifact.digest.replace(/^sha256:/, "").slice(0, 12)}
                </span>
                <CopyButton text={artifact.digest} label="Copy the digest" className="h-6" />
              </>
            )}
          </p>
        </div>
      ) : null}
    </section>
  );
}
