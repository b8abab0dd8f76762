/** Takes a comparison out of the page: as a table, as data, or as a link. */
"use client";

import { Download, Link2, Sheet } from "lucide-react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import type { ComparisonView } from "@/server/domain/views/compare";
import type { Sections } from "./rows/comparison";
import { comparisonCsv, comparisonJson } from "./rows/export";

function save(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    toast({ title: "Link copied", description: "It holds the runs, their order and everything that is shown." });
  } catch {
    toast({ tone: "error", title: "Nothing was copied", description: "The browser does not let this page do that." });
  }
}

export function ExportMenu({
  view,
  sections,
  baseline,
}: {
  readonly view: ComparisonView;
  readonly sections: Sections;
  readonly baseline: number;
}) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>
          <Download /> Export
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={() => save(comparisonCsv(view, sections), "comparison.csv", "text/csv")}>
          <Sheet /> Table (CSV)
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => save(comparisonJson(view, baseline), "comparison.json", "application/json")}>
          <Download /> Data (JSON)
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void copyLink()}>
          <Link2 /> Copy the link
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
