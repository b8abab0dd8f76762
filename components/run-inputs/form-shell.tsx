/** The frame of a form that makes runs: what keeps it from being sent at its head, what it comes to beside it, sending at its foot. */
"use client";

import type { ReactNode } from "react";
import { useModKey } from "@/components/keys/mod-key";
import { useKeys } from "@/components/keys/use-keys";
import { ProblemList } from "@/components/pipelines/problem-list";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorSummary } from "@/components/ui/error-summary";
import { Kbd } from "@/components/ui/kbd";
import type { Problem } from "@/pipelines/graph";
import type { Tries } from "./use-tries";

interface FormShellProps {
  readonly tries: Tries;
  /** What the server said to the last try, and of that what belongs to no field. */
  readonly failed: { readonly message: string } | null;
  readonly others: readonly Problem[];
  /** Over the summary of errors where the server said nothing. */
  readonly refusal: string;
  /** Stands over that summary. */
  readonly before?: ReactNode;
  readonly children: ReactNode;
  /** What the form comes to, beside it. */
  readonly aside: ReactNode;
  readonly onSubmit: () => void;
  readonly submitLabel: string;
  /** What the keys do: "starts it". */
  readonly keysDo: string;
  readonly isBusy: boolean;
  /** Why it cannot be sent now. */
  readonly reason?: string | undefined;
  /** Where *Leave* leads. */
  readonly leaveHref: string;
  /** Beside the button that sends. */
  readonly more?: ReactNode;
}

export function FormShell(props: FormShellProps) {
  const { tries, failed, others, refusal, before, children, aside, onSubmit } = props;
  const mod = useModKey();
  useKeys({ "mod+Enter": onSubmit });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="grid flex-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,36rem)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-5">
          {before}
          {tries.round > 0 && (tries.errors.length > 0 || failed) ? (
            <ErrorSummary title={failed?.message ?? refusal} errors={tries.errors} round={tries.round}>
              {others.length > 0 ? <ProblemList problems={others} label="What the server said" /> : null}
            </ErrorSummary>
          ) : null}
          {children}
        </div>
        {aside}
      </div>
      <div className="sticky bottom-0 z-10 -mx-6 mt-6 flex flex-wrap items-center gap-3 border-t bg-surface px-6 py-3 max-md:-mx-4 max-md:px-4">
        <Button type="submit" look="primary" busy={props.isBusy} reason={props.reason}>
          {props.submitLabel}
        </Button>
        {props.more}
        <ButtonLink look="ghost" href={props.leaveHref}>
          Leave
        </ButtonLink>
        <span className="ml-auto flex items-center gap-1 text-xs text-faint max-md:hidden">
          <Kbd>{mod}</Kbd>
          <Kbd>Enter</Kbd> {props.keysDo}
        </span>
      </div>
    </form>
  );
}
