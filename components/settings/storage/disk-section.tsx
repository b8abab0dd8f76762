/** What takes the disk: folders, and artifacts by pipeline, run and kind. */
"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Section } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/components/ui/format-time";
import type { DiskShare, DiskUseView } from "@/server/domain/views/disk-use";
import { Loaded } from "../loaded";

const BY = {
  pipelines: { label: "By pipeline", href: (id: string) => `/pipelines/${id}` },
  runs: { label: "By run", href: (id: string) => `/runs/${id}` },
  kinds: { label: "By kind", href: null },
} as const;
type By = keyof typeof BY;

/** A bar that is a share of the largest. */
function Bar({ bytes, most }: { readonly bytes: number; readonly most: number }) {
  return (
    <span aria-hidden className="block h-1.5 rounded-full bg-sunken">
      <span
        className="block h-full rounded-full bg-accent"
        style={{ width: `${most === 0 ? 0 : (bytes / most) * 100}%` }}
      />
    </span>
  );
}

function Shares({ shares, by }: { readonly shares: readonly DiskShare[]; readonly by: By }) {
  const { href } = BY[by];
  if (shares.length === 0) return <p className="text-sm text-dim">No step has left an artifact yet.</p>;
  const most = shares[0]?.bytes ?? 0;
  return (
    <table className="w-full table-fixed text-sm">
      <caption className="sr-only">Artifacts {BY[by].label.toLowerCase()}</caption>
      <tbody>
        {shares.map((share, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names are given twice, and what is deleted has no id
          <tr key={at} className="border-b">
            <th scope="row" className="truncate py-1.5 pr-3 text-left font-normal" title={share.name}>
              {href !== null && share.id !== null ? (
                <Link href={href(share.id)} className="hover:underline">
                  {share.name}
                </Link>
              ) : (
                share.name
              )}
              {share.id === null ? <span className="text-faint"> deleted</span> : null}
            </th>
            <td className="w-2/5 max-md:hidden">
              <Bar bytes={share.bytes} most={most} />
            </td>
            <td className="w-24 text-right font-mono text-xs tabular-nums">{formatBytes(share.bytes)}</td>
            <td className="w-28 text-right text-xs text-dim max-md:hidden">
              {share.artifacts === 1 ? "1 artifact" : `${share.artifacts.toLocaleString("en")} artifacts`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Disk({ disk }: { readonly disk: DiskUseView }) {
  const [by, setBy] = useState<By>("pipelines");
  return (
    <>
      <dl className="mb-5 grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2">
        {disk.folders.map(({ name, bytes, isPartial }) => (
          <div key={name} className="flex items-baseline justify-between gap-3 border-b py-1">
            <dt className="text-dim">{name}</dt>
            <dd className="font-mono text-xs tabular-nums">
              {isPartial ? "more than " : ""}
              {formatBytes(bytes)}
            </dd>
          </div>
        ))}
        <div className="flex items-baseline justify-between gap-3 border-b py-1">
          <dt className="text-dim">Free on this disk</dt>
          <dd className="font-mono text-xs tabular-nums">{formatBytes(disk.freeBytes)}</dd>
        </div>
      </dl>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame; these are buttons that belong together */}
      <div role="group" aria-label="Artifacts" className="mb-2 flex flex-wrap items-center gap-1.5">
        {(Object.keys(BY) as By[]).map((each) => (
          <Button
            key={each}
            size="sm"
            look={each === by ? "secondary" : "ghost"}
            aria-pressed={each === by}
            onClick={() => setBy(each)}
          >
            {BY[each].label}
          </Button>
        ))}
        <span className="ml-auto text-xs text-dim">
          {disk.artifacts.artifacts.toLocaleString("en")} artifacts, {formatBytes(disk.artifacts.bytes)}
        </span>
      </div>
      <Shares shares={disk.artifacts[by]} by={by} />
    </>
  );
}

export function DiskSection() {
  const trpc = useTRPC();
  const query = useQuery(trpc.retention.disk.queryOptions());
  return (
    <Section title="What takes the disk">
      <Loaded query={query} what="sizes">
        {(disk) => <Disk disk={disk} />}
      </Loaded>
    </Section>
  );
}
