/** How a recurring run goes and what it is set to: figures, next moments, the month, and its settings. */
"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { Section } from "@/components/layout/page";
import { describeValue } from "@/components/run-inputs/parameter-text";
import { Fact, Facts } from "@/components/runs/run-page/step-panel/facts";
import { useTRPC } from "@/components/trpc/client";
import { formatDuration } from "@/components/ui/format-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { useTimeZone } from "@/components/ui/time-zone";
import { priorityText } from "@/server/domain/queue/priority";
import type { Spread } from "@/server/domain/recurrence/spread";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { CATCH_UP_WORDS, OVERLAP_WORDS } from "../form/policy-fields";
import { SuccessShare } from "../list/recurring-columns";
import { Moments } from "../moments";
import { cronText, scheduleInWords } from "../schedule-words";
import { SlotCalendar } from "./slot-calendar";
import { useOwnPreview } from "./use-own-preview";

function Figure({
  name,
  children,
  more,
}: {
  readonly name: string;
  readonly children: ReactNode;
  readonly more?: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-dim">{name}</dt>
      <dd className="text-lg font-medium tabular-nums">{children}</dd>
      {more ? <dd className="text-xs text-faint">{more}</dd> : null}
    </div>
  );
}

function SpreadFigure({ name, spread }: { readonly name: string; readonly spread: Spread | null }) {
  if (spread === null) return <Figure name={name}>–</Figure>;
  return (
    <Figure
      name={name}
      more={`${formatDuration(spread.leastMs)} to ${formatDuration(spread.mostMs)}, ${spread.count} ${spread.count === 1 ? "run" : "runs"}`}
    >
      {formatDuration(spread.meanMs)} <span className="text-sm text-dim">± {formatDuration(spread.deviationMs)}</span>
    </Figure>
  );
}

function Figures({ one }: { readonly one: RecurringRunView }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.recurringRuns.figures.queryOptions({ id: one.id }));
  if (data === undefined) return <SkeletonRows rows={2} label="Loading figures" />;
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-4 md:grid-cols-4">
      <Figure name="Runs of slots" more={data.runs === 0 ? undefined : `figures are of the last ${data.runs} runs`}>
        {one.runCount.toLocaleString("en")}
      </Figure>
      <Figure name="Succeeded">
        <SuccessShare of={data} />
      </Figure>
      <SpreadFigure name="Duration" spread={data.duration} />
      <SpreadFigure name="Began after its moment" spread={data.lateness} />
    </dl>
  );
}

function Settings({ one }: { readonly one: RecurringRunView }) {
  const { pipeline, version, trigger } = one;
  const parameters = Object.entries(one.parameters);
  const tags = Object.entries(one.tags);
  return (
    <Facts>
      <Fact name="Pipeline">
        {pipeline === null ? (
          "a specification of its own"
        ) : (
          <Link
            href={
              version === null ? `/pipelines/${pipeline.id}` : `/pipelines/${pipeline.id}/versions/${version.number}`
            }
            className="underline"
          >
            {pipeline.name}
          </Link>
        )}
        {version === null ? ", always the latest version" : `, pinned to v${version.number}`}
      </Fact>
      <Fact name="Experiment">
        <Link href={`/experiments/${one.experiment.id}`} className="underline">
          {one.experiment.name}
        </Link>
      </Fact>
      {trigger.kind === "cron" ? (
        <Fact name="Cron">
          <code className="text-xs">{cronText(trigger.cron)}</code> in {one.timeZone}
        </Fact>
      ) : null}
      {one.startAt === null ? null : (
        <Fact name="Start">
          <Time at={one.startAt} />
        </Fact>
      )}
      {one.endAt === null ? null : (
        <Fact name="End">
          <Time at={one.endAt} />
        </Fact>
      )}
      <Fact name="Runs at once">
        {one.maxConcurrency}, then {OVERLAP_WORDS[one.overlap]}
      </Fact>
      <Fact name="Made up for">{CATCH_UP_WORDS[one.catchUp]}</Fact>
      <Fact name="Parameters">
        {parameters.length === 0 ? (
          <span className="text-dim">as the version says</span>
        ) : (
          <ul>
            {parameters.map(([name, value]) => (
              <li key={name}>
                <code className="text-xs">
                  {name} = {describeValue(value)}
                </code>
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Profile">{one.profile ?? <span className="text-dim">as the pipeline says</span>}</Fact>
      {one.priority === 0 ? null : <Fact name="Priority">{priorityText(one.priority)}</Fact>}
      {one.cache === null ? null : <Fact name="Earlier results">{one.cache === "use" ? "reused" : "not reused"}</Fact>}
      {tags.length === 0 ? null : <Fact name="Tags">{tags.map((pair) => pair.join(": ")).join(", ")}</Fact>}
      <Fact name="Made">
        <Time at={one.createdAt} />
      </Fact>
    </Facts>
  );
}

export function OverviewTab({ one }: { readonly one: RecurringRunView }) {
  const { data: preview } = useOwnPreview(one);
  const { zone } = useTimeZone();
  const shownZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  // An interval has no clock of its own, so its moments are told in the page's zone.
  const isOfClock = scheduleInWords(one) !== one.words;
  return (
    <div className="flex flex-col gap-6">
      <Figures one={one} />
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <SlotCalendar one={one} />
        <Section title={one.state === "disabled" ? "Next moments, once it is enabled" : "Next moments"}>
          {preview === undefined ? (
            <SkeletonRows rows={6} label="Working out the next moments" />
          ) : preview.moments.length === 0 ? (
            <p className="text-sm text-dim">Nothing is due any more.</p>
          ) : (
            <Moments preview={isOfClock ? preview : { ...preview, timeZone: shownZone }} />
          )}
        </Section>
      </div>
      <Section title="Settings">
        <Settings one={one} />
      </Section>
    </div>
  );
}
