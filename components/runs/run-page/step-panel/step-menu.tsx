/** What can be done from a step: run a part of the pipeline again, and take its link along. */
"use client";

import { CopyPlus, Ellipsis, Link2, SquareTerminal, StepBack, StepForward } from "lucide-react";
import { useRouter } from "next/navigation";
import { stepChoices } from "@/components/copy-as/choices";
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
import type { RunRow } from "../run-rows";

function copy(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast({ title: `${what} copied` }),
    () => toast({ tone: "error", title: "Nothing was copied", description: "The browser does not allow it." }),
  );
}

export function StepMenu({ run, row }: { readonly run: RunView; readonly row: RunRow }) {
  const router = useRouter();
  const start = (part: "from" | "upTo") =>
    router.push(`/runs/new?${new URLSearchParams({ cloneFrom: run.id, [part]: row.stepPath })}`);
  const link = () => {
    const address = new URL(location.href);
    address.search = new URLSearchParams(
      row.task === null ? { step: row.path } : { task: String(row.task) },
    ).toString();
    return address.href;
  };
  const copyAs = useCopyAs({ of: `the step ${row.name}`, choices: stepChoices(run, row) });
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton size="sm" label={`Actions of ${row.name}`}>
            <Ellipsis />
          </IconButton>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem
            reason={isRunOver(run.state) ? undefined : "The run still goes on. It can be done once it is over."}
            onSelect={() => start("from")}
          >
            <StepForward /> Re-run from here
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => start("upTo")}>
            <StepBack /> Run up to here
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => copy(link(), "Link")}>
            <Link2 /> Copy link to this step
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => copy(row.path, "Path")}>
            <CopyPlus /> Copy its path
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={copyAs.open}>
            <SquareTerminal /> Copy as curl, Python or command
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {copyAs.dialog}
    </>
  );
}
