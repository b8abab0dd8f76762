/** A place to drop files and folders on, with buttons that do the same. */
"use client";

import { FilePlus2, FolderPlus } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { fromDrop, fromInput, type PickedFile } from "./collect-files";

export function DropZone({
  title,
  children,
  onFiles,
  compact = false,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly onFiles: (files: readonly PickedFile[]) => void;
  readonly compact?: boolean;
}) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const take = (input: HTMLInputElement) => {
    onFiles(fromInput(input.files ?? []));
    input.value = "";
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex box in every browser
    <div
      role="group"
      aria-label={title}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        void fromDrop(event.dataTransfer).then(onFiles);
      }}
      className={cn(
        "flex flex-col items-center justify-center gap-2 rounded-lg border border-dashed border-line-strong px-6 text-center transition-colors",
        compact ? "py-5" : "min-h-60 py-10",
        isOver && "border-accent bg-accent-soft",
      )}
    >
      <p className="text-base font-medium">{isOver ? "Let go to add them" : title}</p>
      {children ? <div className="max-w-md text-sm text-balance text-dim">{children}</div> : null}
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        <Button size={compact ? "sm" : "md"} onClick={() => files.current?.click()}>
          <FilePlus2 />
          Choose files
        </Button>
        <Button size={compact ? "sm" : "md"} onClick={() => folder.current?.click()}>
          <FolderPlus />
          Choose a folder
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files"
        className="sr-only"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        tabIndex={-1}
        aria-label="Folder"
        className="sr-only"
        onChange={(event) => take(event.currentTarget)}
        {...{ webkitdirectory: "" }}
      />
    </div>
  );
}
