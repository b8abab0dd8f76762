/** The files chosen so far; each can be taken out again. */
"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { formatBytes } from "@/components/ui/format-time";
import type { PickedFile } from "./collect-files";

const SHOWN = 12;

export function PickedFiles({
  files,
  onRemove,
}: {
  readonly files: readonly PickedFile[];
  readonly onRemove: (path: string) => void;
}) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? files : files.slice(0, SHOWN);
  return (
    <div>
      <ul aria-label="Chosen files" className="divide-y divide-line rounded-md border">
        {shown.map(({ path, file }) => (
          <li key={path} className="flex h-8 items-center gap-3 pr-1 pl-3">
            <span className="min-w-0 flex-1 truncate font-mono text-xs" title={path}>
              {path}
            </span>
            <span className="text-xs text-faint">{formatBytes(file.size)}</span>
            <IconButton size="sm" label={`Take ${path} out`} onClick={() => onRemove(path)}>
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
      {files.length > SHOWN && !showsAll ? (
        <Button look="ghost" size="sm" className="mt-1" onClick={() => setShowsAll(true)}>
          Show all {files.length} files
        </Button>
      ) : null}
    </div>
  );
}
