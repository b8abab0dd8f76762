/** The tabs of a run beside its steps: what it produced, what it was given, and everything else about it. */
import Link from "next/link";
import type { ReactNode } from "react";
import { countsInWords } from "@/components/graph/state-counts";
import { CopyButton } from "@/components/ui/copy-button";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import { ArtifactCard } from "@/components/viewers/artifact-card";
import type { MetricView, RunOrigin, RunView } from "@/server/domain/views";
import { Fact, Facts, Head } from "./step-panel/facts";
import { ParameterList } from "./step-panel/values";

function Body({ children }: { readonly children: ReactNode }) {
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <div className="max-w-4xl px-6 py-4 max-md:px-4">{children}</div>
    </div>
  );
}

const metricText = ({ value, format }: MetricView): string =>
  format === "percentage" ? `${Number((value * 100).toPrecision(6))} %` : String(Number(value.toPrecision(12)));

function Metrics({ run }: { readonly run: RunView }) {
  const names = new Map(run.tasks.map((task) => [task.id, task.name]));
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-left text-xs text-dim [&>th]:py-1 [&>th]:font-medium">
          <th scope="col">Name</th>
          <th scope="col" className="text-right">
            Value
          </th>
          <th scope="col" className="pl-6">
            Step
          </th>
        </tr>
      </thead>
      <tbody>
        {run.metrics.map((metric) => (
          <tr key={`${metric.task} ${metric.name} ${metric.index}`} className="border-t border-line/60 [&>*]:py-1">
            <th scope="row" className="text-left font-normal">
              {metric.name}
              {metric.index === null ? null : <span className="text-faint"> [{metric.index}]</span>}
            </th>
            <td className="text-right font-mono text-xs">{metricText(metric)}</td>
            <td className="pl-6 text-dim">
              {metric.task === null ? "the run" : (names.get(metric.task) ?? metric.task)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RunOutputs({ run }: { readonly run: RunView }) {
  const artifacts = Object.entries(run.outputs.artifacts);
  const hasParameters = Object.keys(run.outputs.parameters).length > 0;
  if (artifacts.length === 0 && !hasParameters && run.metrics.length === 0) {
    return (
      <EmptyState title="No outputs yet">
        Metrics, values and files of all steps are gathered here as the steps end.
      </EmptyState>
    );
  }
  return (
    <Body>
      {run.metrics.length === 0 ? null : (
        <>
          <Head>Metrics</Head>
          <Metrics run={run} />
        </>
      )}
      {hasParameters ? (
        <>
          <Head>Values</Head>
          <ParameterList parameters={run.outputs.parameters} />
        </>
      ) : null}
      {artifacts.length === 0 ? null : <Head>Artifacts</Head>}
      {artifacts.flatMap(([name, list]) =>
        list.map((artifact) => <ArtifactCard key={`${name} ${artifact.id}`} name={name} artifact={artifact} />),
      )}
    </Body>
  );
}

export function RunParameters({ run }: { readonly run: RunView }) {
  if (Object.keys(run.parameters).length === 0) {
    return <EmptyState title="No parameters">This version of the pipeline declares none.</EmptyState>;
  }
  return (
    <Body>
      <ParameterList parameters={run.parameters} />
    </Body>
  );
}

const ORIGIN: { readonly [origin in RunOrigin]: string } = {
  manual: "started by hand",
  recurring: "made by a recurring run",
  api: "started over the API",
  clone: "cloned",
};

export function RunDetails({ run }: { readonly run: RunView }) {
  return (
    <Body>
      {run.description ? <p className="mb-4 text-sm whitespace-pre-wrap">{run.description}</p> : null}
      <Facts>
        <Fact name="Run id">
          <span className="font-mono text-xs">{run.id}</span> <CopyButton text={run.id} label="Copy run id" />
        </Fact>
        <Fact name="Origin">{ORIGIN[run.origin]}</Fact>
        <Fact name="Experiment">
          <Link href={`/experiments/${run.experiment.id}`} className="underline">
            {run.experiment.name}
          </Link>
        </Fact>
        <Fact name="Pipeline">
          {run.pipeline === null ? (
            run.pipelineName
          ) : (
            <Link href={`/pipelines/${run.pipeline.id}/versions/${run.version.number}`} className="underline">
              {run.pipeline.name}, version {run.version.number}
            </Link>
          )}
        </Fact>
        <Fact name="Profile">{run.profile}</Fact>
        <Fact name="Tasks">{countsInWords(run.taskCounts) || "none yet"}</Fact>
      </Facts>
      <Head>Times</Head>
      <Facts>
        <Fact name="Created">
          <Time at={run.createdAt} />
        </Fact>
        <Fact name="Waited">
          <Duration from={run.createdAt} to={run.startedAt ?? run.finishedAt} className="text-sm" />
        </Fact>
        {run.startedAt === null ? null : (
          <Fact name="Started">
            <Time at={run.startedAt} />
          </Fact>
        )}
        {run.finishedAt === null ? null : (
          <Fact name="Finished">
            <Time at={run.finishedAt} />
          </Fact>
        )}
        <Fact name="Took">
          <Duration from={run.startedAt} to={run.finishedAt} className="text-sm" />
        </Fact>
      </Facts>
      {run.reason === null ? null : (
        <>
          <Head>Why it is in this state</Head>
          <p className="text-sm whitespace-pre-wrap">{run.reason.message}</p>
        </>
      )}
    </Body>
  );
}
