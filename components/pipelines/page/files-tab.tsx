/** The files of a version, what is missing first. */
import { Download, FileText } from "lucide-react";
import { buttonClass } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format-time";
import { Tooltip } from "@/components/ui/tooltip";
import type { VersionView } from "@/server/domain/views/pipelines";
import { MissingFiles } from "../upload/missing-files";

export function FilesTab({ version }: { readonly version: VersionView }) {
  return (
    <div className="flex flex-col gap-6">
      {version.state === "incomplete" ? <MissingFiles versionId={version.id} missing={version.missing} /> : null}
      {version.files.length > 0 ? (
        <FileList version={version} />
      ) : version.state === "incomplete" ? null : (
        <EmptyState icon={<FileText />} title="No files belong to this version">
          Its steps bring everything they need in the pipeline text.
        </EmptyState>
      )}
    </div>
  );
}

function FileList({ version }: { readonly version: VersionView }) {
  return (
    <ul aria-label="Files" className="divide-y divide-line border-y">
      {version.files.map((file) => (
        <li key={file.path} className="flex min-h-9 items-center gap-3">
          <FileText aria-hidden className="size-4 shrink-0 text-faint" />
          <span className="min-w-0 flex-1 font-mono text-xs break-all">{file.path}</span>
          <span className="shrink-0 font-mono text-xs text-faint max-md:hidden" title={file.digest}>
            {file.digest.slice(0, 12)}
          </span>
          <span className="w-16 shrink-0 text-right text-xs text-dim">{formatBytes(file.size)}</span>
          <span className="flex">
            <CopyButton text={file.digest} label={`Copy the digest of ${file.path}`} />
            <Tooltip content="Download">
              <a
                href={`/api/versions/${version.id}/file?path=${encodeURIComponent(file.path)}`}
                download
                aria-label={`Download ${file.path}`}
                className={buttonClass("ghost", "sm", "w-7 px-0")}
              >
                <Download />
              </a>
            </Tooltip>
          </span>
        </li>
      ))}
    </ul>
  );
}
