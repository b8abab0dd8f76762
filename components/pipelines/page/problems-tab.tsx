/** What was noticed when the version was read: what keeps it from running, what was changed, what was not understood. */
import { CircleCheck } from "lucide-react";
import { Section } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/empty-state";
import type { VersionView } from "@/server/domain/views/pipelines";
import { ProblemList } from "../problem-list";

export const countProblems = (version: VersionView): number =>
  version.refusals.length + version.problems.length + version.graph.changes.length + version.graph.unknownFields.length;

export function ProblemsTab({ version }: { readonly version: VersionView }) {
  if (countProblems(version) === 0) {
    return (
      <EmptyState icon={<CircleCheck />} title="Nothing to report">
        Everything in the text was understood, and a run can start.
      </EmptyState>
    );
  }
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      {version.refusals.length > 0 ? (
        <Section title="Keeps it from running">
          <ProblemList problems={version.refusals} label="Keeps it from running" />
        </Section>
      ) : null}
      {version.problems.length > 0 ? (
        <Section title="Noticed in the text">
          <ProblemList problems={version.problems} label="Noticed in the text" />
        </Section>
      ) : null}
      <Lines title="Changed while reading" lines={version.graph.changes} />
      <Lines title="Kept, but not understood" lines={version.graph.unknownFields} mono />
    </div>
  );
}

function Lines({
  title,
  lines,
  mono = false,
}: {
  readonly title: string;
  readonly lines: readonly string[];
  readonly mono?: boolean;
}) {
  if (lines.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="divide-y divide-line">
        {lines.map((line) => (
          <li key={line} className={mono ? "py-1.5 font-mono text-xs break-all" : "py-1.5 text-sm"}>
            {line}
          </li>
        ))}
      </ul>
    </Section>
  );
}
