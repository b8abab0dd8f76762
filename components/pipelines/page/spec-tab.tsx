/** The text of a version: coloured, folded and searched; what is copied and downloaded is as it was uploaded. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import dynamic from "next/dynamic";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { buttonClass } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { VersionView } from "@/server/domain/views/pipelines";
import { laidOut } from "../laid-out";

const CodeView = dynamic(() => import("@/components/ui/code-view").then((module) => module.CodeView), {
  loading: () => <SkeletonRows rows={8} label="Loading the text" />,
});

export function SpecTab({ version }: { readonly version: VersionView }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.pipelines.specText.queryOptions({ versionId: version.id }, { staleTime: Number.POSITIVE_INFINITY }),
  );
  if (query.isPending) return <SkeletonRows rows={8} label="Loading the text" />;
  if (query.isError) {
    return (
      <ErrorState
        title="The text could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const { file, text } = query.data;
  const shown = laidOut(text);
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: file.split("/").at(-1) ?? file });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="rounded-md border bg-code">
      <div className="flex h-9 items-center gap-1 border-b pr-1 pl-3 text-xs">
        <span className="min-w-0 flex-1 truncate font-mono">{file}</span>
        <span className="text-faint max-md:hidden">
          {version.formatVersion} · {version.digest.slice(0, 12)}
        </span>
        <CopyButton text={text} label="Copy the text" />
        <button
          type="button"
          aria-label="Download the text"
          onClick={download}
          className={buttonClass("ghost", "sm", "w-7 px-0")}
        >
          <Download />
        </button>
      </div>
      {shown === text ? null : (
        <p className="border-b px-3 py-1.5 text-xs text-dim">
          Laid out for reading; copied and downloaded it stays on one line.
        </p>
      )}
      <CodeView text={shown} language={/^\s*[{[]/.test(text) ? "json" : "yaml"} label={`Text of ${file}`} />
    </div>
  );
}
