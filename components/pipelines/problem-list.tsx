/** Problems of a pipeline text: how bad, where, which rule, what to do. */
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { Problem, Severity } from "@/pipelines/graph";

const LOOKS: {
  readonly [severity in Severity]: { readonly icon: typeof Info; readonly tone: string; readonly word: string };
} = {
  error: { icon: CircleAlert, tone: "text-failed", word: "Error" },
  warning: { icon: TriangleAlert, tone: "text-queued", word: "Warning" },
  hint: { icon: Info, tone: "text-dim", word: "Hint" },
};

export function ProblemList({ problems, label }: { readonly problems: readonly Problem[]; readonly label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {problems.map((problem) => {
        const { icon: Icon, tone, word } = LOOKS[problem.severity];
        return (
          <li key={`${problem.rule} ${problem.place} ${problem.message}`} className="flex gap-2.5 py-2 text-sm">
            <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} />
            <div className="min-w-0">
              <p className="break-words">
                <span className="sr-only">{word}: </span>
                {problem.message}
              </p>
              <p className="flex flex-wrap gap-x-3 font-mono text-xs break-all text-faint">
                {problem.place ? <span>{problem.place}</span> : null}
                <span>{problem.rule}</span>
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
