/** What a step of Kubeflow v1 or Elyra asks to be shown of it (`mlpipeline-ui-metadata.json`). */
"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { type Display, readUiMetadata } from "@/server/domain/display/ui-metadata";
import { ConfusionMatrix } from "./confusion-matrix";
import { DataRows } from "./data-rows";
import { Markdown } from "./markdown";

const RocChart = dynamic(() => import("../charts/roc-chart").then((module) => module.RocChart), {
  ssr: false,
  loading: () => <Skeleton className="h-64 max-w-md" />,
});

const isWeb = (address: string): boolean => /^https?:\/\//i.test(address.trim());

function Address({ text }: { readonly text: string }) {
  return isWeb(text) ? (
    <a
      href={text.trim()}
      target="_blank"
      rel="noreferrer noopener"
      className="text-accent underline [overflow-wrap:anywhere]"
    >
      {text.trim()}
    </a>
  ) : (
    <code className="[overflow-wrap:anywhere]">{text}</code>
  );
}

/** Scripts and styles that a page would have from elsewhere; what is inside it runs. */
const FROM_ELSEWHERE = /<(?:script\b[^>]*\ssrc|link\b[^>]*\shref)\s*=\s*["']?\s*(?:https?:)?\/\//i;

function Shown({ display, artifactId }: { readonly display: Display; readonly artifactId: number }) {
  switch (display.type) {
    case "confusion-matrix":
      return <ConfusionMatrix matrix={display} />;
    case "roc":
      return <RocChart points={display.points} />;
    case "table":
      return <DataRows label="Table" header={display.header} rows={display.rows} />;
    case "markdown":
      return <Markdown text={display.text} />;
    case "web-app":
      return (
        <div>
          <iframe
            title="Page of the step"
            sandbox="allow-scripts"
            loading="lazy"
            src={`/api/artifacts/${artifactId}/displays/${display.entry}`}
            className="h-96 w-full resize-y overflow-auto rounded-sm border border-line bg-white"
          />
          {FROM_ELSEWHERE.test(display.html) ? (
            <p className="text-xs text-faint">
              Scripts and styles that this page would load from elsewhere are not fetched; have the step write them into
              the page.
            </p>
          ) : null}
        </div>
      );
    case "tensorboard":
      return (
        <p className="text-sm text-dim">
          Logs for TensorBoard: <Address text={display.source} />
        </p>
      );
    case "elsewhere":
      return (
        <p className="text-sm text-dim">
          A {display.shown.replaceAll("_", " ")} that lies elsewhere and is not fetched:{" "}
          <Address text={display.source} />
        </p>
      );
  }
}

export function Displays({ text, artifactId }: { readonly text: string; readonly artifactId: number }) {
  const { displays, problems } = useMemo(() => readUiMetadata(text), [text]);
  return (
    <div className="flex flex-col gap-4">
      {displays.map((display, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: displays have no identity but their place
        <Shown key={at} display={display} artifactId={artifactId} />
      ))}
      {displays.length === 0 && problems.length === 0 ? (
        <p className="text-sm text-faint">It asks for nothing to be shown.</p>
      ) : null}
      {problems.map((problem) => (
        <p key={problem} className="text-sm text-queued">
          {problem}
        </p>
      ))}
    </div>
  );
}
