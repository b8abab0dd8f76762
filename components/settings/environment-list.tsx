/** Python environments in the cache: what is in each, how large it is, and whether a step uses it. */
"use client";

import { ChevronRight, Trash2 } from "lucide-react";
import { useState } from "react";
import { Badge, type Tone } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { formatBytes } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/time";
import type { EnvironmentView } from "@/server/domain/views/surroundings";

const STATES: { readonly [state in EnvironmentView["state"]]: { readonly label: string; readonly tone: Tone } } = {
  ready: { label: "ready", tone: "neutral" },
  building: { label: "building", tone: "accent" },
  failed: { label: "failed", tone: "danger" },
};

/** The packages of pip lines, without flags: what a reader looks for. */
function packagesOf(lines: EnvironmentView["lines"]): string {
  const words = lines.flat().filter((word, at, all) => !word.startsWith("-") && !all[at - 1]?.startsWith("--"));
  return words.length === 0 ? "no packages" : words.join("  ");
}

function Environment({
  environment,
  onRemove,
  busy,
}: {
  readonly environment: EnvironmentView;
  readonly onRemove: (key: string) => void;
  readonly busy: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const { key, state, python, lines, size, lastUsedAt, isInUse, problem } = environment;
  const { label, tone } = STATES[state];
  const reason = isInUse
    ? "A step is using it."
    : state === "building"
      ? "It is being built."
      : busy
        ? "It is being removed."
        : undefined;
  return (
    <li className="border-b border-line/60 last:border-0">
      <div className="flex items-center gap-2 px-2 py-1">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-3 rounded-sm text-left text-sm"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-4 shrink-0 text-faint transition-transform duration-120", isOpen && "rotate-90")}
          />
          <span className="shrink-0">{python}</span>
          <span className="min-w-0 flex-1 basis-40 truncate font-mono text-xs text-dim">{packagesOf(lines)}</span>
          {isInUse ? <Badge tone="accent">in use</Badge> : null}
          {state === "ready" ? null : <Badge tone={tone}>{label}</Badge>}
          <span className="w-16 text-right font-mono text-xs">{size === null ? "–" : formatBytes(size)}</span>
          <span className="w-24 text-xs text-dim">
            {lastUsedAt === null ? "not used yet" : <RelativeTime at={lastUsedAt} />}
          </span>
        </button>
        <IconButton size="sm" label={`Remove the environment ${key}`} reason={reason} onClick={() => onRemove(key)}>
          <Trash2 />
        </IconButton>
      </div>
      {isOpen ? (
        <div className="px-3 pb-3">
          {problem === null ? null : <p className="mb-2 text-sm text-failed [overflow-wrap:anywhere]">{problem}</p>}
          <p className="mb-2 font-mono text-xs text-faint">{key}</p>
          <CodeBlock
            label="the pip lines"
            text={lines.map((line) => `pip install ${line.join(" ")}`).join("\n") || "no packages"}
          />
        </div>
      ) : null}
    </li>
  );
}

export function EnvironmentList({
  environments,
  onRemove,
  removing,
}: {
  readonly environments: readonly EnvironmentView[];
  readonly onRemove: (key: string) => void;
  /** Key of the one that is being removed. */
  readonly removing: string | null;
}) {
  return (
    <ul aria-label="Python environments" className="max-w-5xl rounded-md border border-line">
      {environments.map((environment) => (
        <Environment
          key={environment.key}
          environment={environment}
          onRemove={onRemove}
          busy={removing === environment.key}
        />
      ))}
    </ul>
  );
}
