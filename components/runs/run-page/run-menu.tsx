/** The rest of what can be done with a run: copy its id, its link, or what can be done as text. */
"use client";

import {
  Archive,
  ArchiveRestore,
  ArrowUpToLine,
  Columns3,
  Ellipsis,
  Hash,
  Link2,
  ListOrdered,
  Pencil,
  SquareTerminal,
  Trash2,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { compareHref, trayReason, useTray } from "@/components/compare/tray";
import { runChoices } from "@/components/copy-as/choices";
import { useCopyAs } from "@/components/copy-as/copy-as-button";
import { IconButton } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import { isRunOver } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";

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
  onEdit,
  onPriority,
  onFront,
  onDelete,
}: {
  readonly run: RunView;
  readonly specFile: string | null;
  readonly onArchive: () => void;
  readonly onEdit: () => void;
  readonly onPriority: () => void;
  readonly onFront: () => void;
  readonly onDelete: () => void;
}) {
  const copyAs = useCopyAs({ of: "this run", choices: runChoices(run, specFile) });
  const router = useRouter();
  const tray = useTray();
  const isAside = tray.ids.includes(run.id);
  const toggleAside = () => {
    tray.toggle(run.id);
    const ids = isAside ? tray.ids.filter((id) => id !== run.id) : [...tray.ids, run.id];
    const action = { label: "Compare", run: () => router.push(compareHref(ids)) };
    toast({
      title: isAside ? "Taken out of what is compared" : "Put aside to compare",
      description: ids.length === 1 ? "1 run is put aside." : `${ids.length} runs are put aside.`,
      ...(ids.length > 1 && { action }),
    });
  };
  const isOver = isRunOver(run.state);
  const isArchived = run.archivedAt !== null;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton look="secondary" label="More actions">
            <Ellipsis />
          </IconButton>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={onEdit}>
            <Pencil /> Name, notes and tags
          </DropdownMenuItem>
          <DropdownMenuItem reason={isOver ? "It is over, so it waits in no queue." : undefined} onSelect={onPriority}>
            <ListOrdered /> Priority
          </DropdownMenuItem>
          {isOver ? null : (
            <DropdownMenuItem onSelect={onFront}>
              <ArrowUpToLine /> Move to the front
            </DropdownMenuItem>
          )}
          <DropdownMenuItem onSelect={() => void copy(run.id, "Run id")}>
            <Hash /> Copy id
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => void copy(location.href, "Link")}>
            <Link2 /> Copy link to this view
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={copyAs.open}>
            <SquareTerminal /> Copy as curl, Python or command
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem reason={isAside ? undefined : trayReason(tray.ids)} onSelect={toggleAside}>
            <Columns3 /> {isAside ? "Take out of what is compared" : "Put aside to compare"}
          </DropdownMenuItem>
          <DropdownMenuItem
            reason={isOver ? undefined : "It is still going on. Terminate it first, or wait for its end."}
            onSelect={onArchive}
          >
            {isArchived ? <ArchiveRestore /> : <Archive />} {isArchived ? "Restore" : "Archive"}
          </DropdownMenuItem>
          <DropdownMenuItem
            danger
            reason={isOver ? undefined : "It is still going on. Terminate it first, or wait for its end."}
            onSelect={onDelete}
          >
            <Trash2 /> Delete
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {copyAs.dialog}
    </>
  );
}
