/** The pipeline text as it was uploaded. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { buttonClass } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { VersionView } from "@/server/domain/views";

/** More than a page can show at once without stalling. */
const SHOWN_CHARS = 400_000;

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
  const shown = text.length > SHOWN_CHARS ? text.slice(0, SHOWN_CHARS) : text;
  const lines = shown.split("\n");
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
      {shown.length < text.length ? (
        <p className="border-b px-3 py-1.5 text-xs text-dim">
          The first {SHOWN_CHARS.toLocaleString("en")} of {text.length.toLocaleString("en")} characters; download it to
          see the rest.
        </p>
      ) : null}
      <section
        aria-label={`Text of ${file}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-[70vh] overflow-auto rounded-b-md font-mono text-xs leading-5"
      >
        <div className="flex w-fit min-w-full">
          <pre
            aria-hidden="true"
            className="sticky left-0 border-r bg-code px-3 py-2 text-right text-faint select-none"
          >
            {lines.map((_, index) => index + 1).join("\n")}
          </pre>
          <pre className="px-3 py-2">{shown}</pre>
        </div>
      </section>
    </div>
  );
}
