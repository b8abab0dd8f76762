/** Values that went into a task and came out of it: parameters with their JSON, artifacts with their previews. */

import { CopyButton } from "@/components/ui/copy-button";
import { ArtifactCard } from "@/components/viewers/artifact-card";
import { JsonText } from "@/components/viewers/json-text";
import type { JsonValue } from "@/pipelines/graph";
import type { ValuesView } from "@/server/domain/views/artifacts";
import { Head, PanelBody } from "./facts";

const plain = (value: JsonValue): string => (typeof value === "string" ? value : JSON.stringify(value));

export function ParameterList({ parameters }: { readonly parameters: ValuesView["parameters"] }) {
  return (
    <dl className="flex flex-col text-sm">
      {Object.entries(parameters).map(([name, value]) => (
        <div key={name} className="group flex items-start gap-3 border-b border-line/60 py-1">
          <dt className="w-2/5 max-w-56 shrink-0 pt-0.5 text-dim [overflow-wrap:anywhere]">{name}</dt>
          <dd className="flex min-w-0 flex-1 items-start gap-1">
            <JsonText value={value} className="min-w-0 flex-1 pt-0.5" />
            <CopyButton
              text={plain(value)}
              label={`Copy ${name}`}
              className="opacity-0 group-hover:opacity-100 focus:opacity-100"
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Side({ title, values, none }: { readonly title: string; readonly values: ValuesView; readonly none: string }) {
  const artifacts = Object.entries(values.artifacts);
  const isEmpty = artifacts.length === 0 && Object.keys(values.parameters).length === 0;
  return (
    <>
      <Head>{title}</Head>
      {isEmpty ? <p className="text-sm text-faint">{none}</p> : null}
      <ParameterList parameters={values.parameters} />
      {artifacts.flatMap(([name, list]) =>
        list.map((artifact) => <ArtifactCard key={`${name} ${artifact.id}`} name={name} artifact={artifact} />),
      )}
    </>
  );
}

export function Values({
  inputs,
  outputs,
  isOver,
}: {
  readonly inputs: ValuesView;
  readonly outputs: ValuesView;
  readonly isOver: boolean;
}) {
  return (
    <PanelBody>
      <Side
        title="Outputs"
        values={outputs}
        none={isOver ? "This task left no values." : "Outputs are collected when the task ends."}
      />
      <Side title="Inputs" values={inputs} none="This task takes no values." />
    </PanelBody>
  );
}
