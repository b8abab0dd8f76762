/** The rest of what can be done with a run: copy its id, its link, or the same run as text. */
"use client";

import { Archive, ArchiveRestore, Braces, Ellipsis, Hash, Link2, SquareTerminal, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import { isRunOver } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views";
import { runSnippets } from "../snippets";

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ title: `${what} copied` });
  } catch {
    toast({
      tone: "error",
      title: "Nothing was copied",
      description: "The browser does not let this page write to the clipboard.",
    });
  }
}

export function RunMenu({
  run,
  specFile,
  onArchive,
  onDelete,
}: {
  readonly run: RunView;
  readonly specFile: string | null;
  readonly onArchive: () => void;
  readonly onDelete: () => void;
}) {
  const snippets = () =>
    runSnippets({
      origin: location.origin,
      name: run.name,
      pipelineId: run.pipeline?.id ?? null,
      versionId: run.version.id,
      experimentId: run.experiment.id,
      experimentName: run.experiment.name,
      specFile: specFile ?? run.pipelineName,
      parameters: run.parameters,
    });
  const isOver = isRunOver(run.state);
  const isArchived = run.archivedAt !== null;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton look="secondary" label="More actions">
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={() => void copy(run.id, "Run id")}>
          <Hash /> Copy id
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void copy(location.href, "Link")}>
          <Link2 /> Copy link to this view
        </DropdownMenuItem>
        <DropdownMenuLabel>Copy the same run as</DropdownMenuLabel>
        {["curl", "Python", "Command"].map((label) => (
          <DropdownMenuItem
            key={label}
            onSelect={() => void copy(snippets().find((each) => each.label === label)?.text ?? "", label)}
          >
            {label === "Python" ? <Braces /> : <SquareTerminal />} {label}
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem
          reason={isOver ? undefined : "It is still going on. Terminate it first, or wait for its end."}
          onSelect={onArchive}
        >
          {isArchived ? <ArchiveRestore /> : <Archive />} {isArchived ? "Restore" : "Archive"}
        </DropdownMenuItem>
        <DropdownMenuItem
          danger
          reason={isArchived ? undefined : "Only archived runs can be deleted."}
          onSelect={onDelete}
        >
          <Trash2 /> Delete for ever
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
