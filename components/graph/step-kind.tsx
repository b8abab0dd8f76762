/** Picture and word of each kind of step. */
import {
  Box,
  CircleDot,
  FileCode2,
  FileDown,
  GitBranch,
  Layers,
  LogOut,
  type LucideIcon,
  NotebookText,
  Repeat,
  Sparkles,
} from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { StepKind } from "@/pipelines/graph";

const KINDS: { readonly [kind in StepKind]: { readonly label: string; readonly icon: LucideIcon } } = {
  container: { label: "Container", icon: Box },
  notebook: { label: "Notebook", icon: NotebookText },
  python: { label: "Python script", icon: FileCode2 },
  r: { label: "R script", icon: CircleDot },
  pyspark: { label: "PySpark", icon: Sparkles },
  importer: { label: "Importer", icon: FileDown },
  dag: { label: "Sub-pipeline", icon: Layers },
  loop: { label: "Loop", icon: Repeat },
  condition: { label: "Condition", icon: GitBranch },
  "exit-handler": { label: "Exit handler", icon: LogOut },
};

export const stepKindLabel = (kind: StepKind): string => KINDS[kind].label;

export function StepKindIcon({ kind, className }: { readonly kind: StepKind; readonly className?: string }) {
  const Icon = KINDS[kind].icon;
  return <Icon aria-hidden className={cn("size-4 shrink-0 text-faint", className)} strokeWidth={1.75} />;
}
