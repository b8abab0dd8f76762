/** Stories of what runs show: plans, reasons, cells, metrics of classifiers, tables, environments. */
"use client";

import { Section } from "@/components/layout/page";
import { PlanList } from "@/components/runs/plan-list";
import { Attempts } from "@/components/runs/run-page/step-panel/attempts";
import { PlaceFacts } from "@/components/runs/why/queue-place";
import { WhyPanel } from "@/components/runs/why/why-panel";
import { EnvironmentList } from "@/components/settings/environment-list";
import { Cells } from "@/components/viewers/cells";
import { Classification } from "@/components/viewers/classification";
import { DataRows } from "@/components/viewers/data-rows";
import {
  SAMPLE_ATTEMPTS,
  SAMPLE_CELLS,
  SAMPLE_CLASSIFICATION,
  SAMPLE_ENVIRONMENTS,
  SAMPLE_PLACES,
  SAMPLE_PLAN,
  SAMPLE_WHYS,
} from "./run-samples";

const NO_RUN = { id: "r", state: "running", extent: { kind: "all" }, tasks: [], tasksLeftOut: 0 } as const;
const NO_PLACE = { path: "load", stepPath: "load" };

export function RunStories() {
  return (
    <>
      <Section title="What happens with each step">
        <div className="max-w-xl">
          <PlanList plan={SAMPLE_PLAN} reuse={{ canChoose: () => true, off: ["train"], onChoose: () => {} }} />
        </div>
      </Section>
      <Section title="Why">
        <div className="grid max-w-5xl items-start gap-x-4 lg:grid-cols-2">
          {SAMPLE_WHYS.map((task) => (
            <WhyPanel key={task.id} run={NO_RUN} graph={null} place={NO_PLACE} task={task} onOpen={() => {}} />
          ))}
          {SAMPLE_PLACES.map((place) => (
            <div key={place.ahead} className="mb-4 rounded-md bg-sunken px-3 py-2 text-sm">
              <PlaceFacts place={place} />
            </div>
          ))}
        </div>
      </Section>
      <Section title="Attempts">
        <Attempts attempts={SAMPLE_ATTEMPTS} onLog={() => {}} />
      </Section>
      <Section title="Cells">
        <div className="max-w-xl">
          <Cells cells={SAMPLE_CELLS} />
        </div>
      </Section>
      <Section title="Metrics of a classifier">
        <Classification metadata={SAMPLE_CLASSIFICATION} />
      </Section>
      <Section title="Table">
        <DataRows
          label="A table"
          header={["id", "name", "score"]}
          rows={Array.from({ length: 120 }, (_, n) => [String(n), `row ${n}`, (n / 7).toFixed(3)])}
        />
      </Section>
      <Section title="Python environments">
        <EnvironmentList environments={SAMPLE_ENVIRONMENTS} onRemove={() => {}} removing={null} />
      </Section>
    </>
  );
}
