/** One step of the graph: its kind, name, state and how long it took; or a folded group with its counts. */
import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { conditionOf, shortCondition } from "@/components/runs/condition-text";
import { STATE_LOOKS, stateWords } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { StepBar } from "@/components/runs/step-bar";
import { cn } from "@/components/ui/cn";
import { Duration } from "@/components/ui/duration";
import type { StepPath } from "@/pipelines/graph";
import type { TaskCounts } from "@/server/domain/views/tasks";
import type { DrawnStep } from "./graph-model";
import { countsInWords, StateCounts } from "./state-counts";
import type { StepFacts } from "./step-facts";
import { StepKindIcon, stepKindLabel } from "./step-kind";

interface StepNodeProps {
  readonly drawn: DrawnStep;
  readonly facts: StepFacts | undefined;
  readonly isSelected: boolean;
  /** The one step that Tab reaches. */
  readonly isCurrent: boolean;
  /** Painted on the canvas; the element shows only while it has the focus. */
  readonly isFar: boolean;
  /** A search is on and did not find this step. */
  readonly isAside: boolean;
  readonly isFound: boolean;
  readonly onSelect: (path: StepPath) => void;
  readonly onUnfold: (path: StepPath) => void;
}

function nodeLabel({ step, inside, look }: DrawnStep, facts: StepFacts | undefined): string {
  const state = facts?.state ? stateWords(facts.state, facts.reason) : null;
  const content = look === "folded" ? `${inside} steps inside` : null;
  if (facts?.loop) {
    const { iterations, counts } = facts.loop;
    const words = [`${iterations} iterations`, countsInWords(counts)].filter(Boolean).join(": ");
    return [step.name, stepKindLabel(step.kind), state, content, words].filter(Boolean).join(", ");
  }
  const counts = facts !== undefined && (look === "folded" || facts.tasks > 1) ? countsInWords(facts.counts) : null;
  return [step.name, stepKindLabel(step.kind), state, content, counts].filter(Boolean).join(", ");
}

/** What the pointer is told: the name, and why the step did not run. */
function nodeTitle({ step }: DrawnStep, facts: StepFacts | undefined): string {
  return facts?.reason ? `${step.name}\n${facts.reason.message}` : step.name;
}

/** Beside the strip, which shows the proportions, only what a reader has to know is told as a number. */
const telling = ({ failed = 0, running = 0, canceled = 0 }: TaskCounts): TaskCounts =>
  failed > 0 ? { failed, running } : running > 0 ? { running } : { canceled };

/** A step that a condition left out shows the condition. */
function StateText({ facts, text }: { readonly facts: StepFacts; readonly text: string }) {
  const state = facts.state ?? "pending";
  const condition = facts.reason === null ? null : conditionOf(facts.reason);
  return (
    <span className={cn("min-w-0 truncate text-xs font-medium", text)}>
      {stateWords(state, facts.reason)}
      {condition === null ? null : <span className="font-normal text-faint"> · not {condition.text}</span>}
    </span>
  );
}

function SecondLine({ drawn, facts }: { readonly drawn: DrawnStep; readonly facts: StepFacts | undefined }) {
  if (!facts?.state) {
    const { condition, kind } = drawn.step;
    const plain = drawn.look === "folded" ? `${drawn.inside} steps` : stepKindLabel(kind);
    const text = condition === undefined ? plain : `if ${shortCondition(condition)}`;
    return <span className="truncate text-xs text-faint">{text}</span>;
  }
  const { shape, text } = STATE_LOOKS[facts.state];
  const isMany = drawn.look === "folded" || facts.tasks > 1;
  const isOut = facts.state === "skipped" || facts.state === "omitted";
  return (
    <>
      <StateIcon shape={shape} className={cn("size-3.5", text)} />
      {facts.loop ? (
        <>
          <span className="font-mono text-2xs text-dim">×{facts.loop.iterations.toLocaleString("en")}</span>
          <StateCounts counts={telling(facts.loop.counts)} />
        </>
      ) : isMany && !isOut ? (
        <StateCounts counts={facts.counts} />
      ) : (
        <StateText facts={facts} text={text} />
      )}
      {facts.startedAt === null || isOut ? null : (
        <Duration from={facts.startedAt} to={facts.finishedAt} className="ml-auto text-2xs text-dim" />
      )}
    </>
  );
}

export const StepNode = memo(function StepNode(props: StepNodeProps) {
  const { drawn, facts, isSelected, isCurrent, isFar, isAside, isFound, onSelect, onUnfold } = props;
  const { step, box, look } = drawn;
  const state = facts?.state ?? null;
  const isFaint = state === "omitted" || state === "skipped";
  return (
    <div
      className={cn("absolute contain-layout", isFar && "opacity-0 focus-within:opacity-100")}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      {look === "folded" ? (
        <span
          aria-hidden
          className="absolute inset-0 translate-x-1 translate-y-1 rounded-md border border-line-strong bg-surface"
        />
      ) : null}
      <button
        type="button"
        data-step={step.path}
        tabIndex={isCurrent ? 0 : -1}
        aria-pressed={isSelected}
        aria-label={nodeLabel(drawn, facts)}
        title={nodeTitle(drawn, facts)}
        onClick={() => onSelect(step.path)}
        className={cn(
          "absolute inset-0 flex flex-col justify-center overflow-hidden rounded-md border bg-raised pr-2.5 pl-3.5 text-left",
          "hover:border-dim focus-visible:outline-offset-2",
          isSelected ? "border-accent bg-selected ring-1 ring-accent" : "border-line-strong",
          isFaint && !isSelected && "bg-surface",
          state === "omitted" && !isSelected && "border-dashed",
          isAside && "opacity-35",
          isFound && "outline-2 outline-offset-1 outline-queued",
          look === "folded" && "pr-8",
        )}
      >
        <span
          aria-hidden
          className={cn(
            "absolute inset-y-0 left-0 w-1",
            state ? STATE_LOOKS[state].fill : "bg-line-strong",
            isFaint && "opacity-40",
          )}
        />
        <span className="flex min-w-0 items-center gap-1.5">
          <StepKindIcon kind={step.kind} className="size-3.5" />
          <span className={cn("truncate text-sm leading-5 font-medium", isFaint && "text-dim")}>{step.name}</span>
        </span>
        <span className="flex h-4 min-w-0 items-center gap-1.5">
          <SecondLine drawn={drawn} facts={facts} />
        </span>
        {facts?.loop ? (
          <span aria-hidden className="absolute inset-x-3.5 bottom-1">
            <StepBar counts={facts.loop.counts} total={facts.loop.iterations} className="h-1" />
          </span>
        ) : null}
      </button>
      {look === "folded" ? (
        <button
          type="button"
          tabIndex={isCurrent ? 0 : -1}
          aria-label={`Open ${step.name}`}
          title={`Open: ${drawn.inside} steps`}
          onClick={() => onUnfold(step.path)}
          className="absolute top-0.5 right-0.5 grid size-8 place-items-center rounded-sm text-faint hover:bg-hover hover:text-ink"
        >
          <ChevronRight aria-hidden className="size-4" />
        </button>
      ) : null}
    </div>
  );
});
