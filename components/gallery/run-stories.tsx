/** Stories of what runs show: plans, reasons, cells, metrics of classifiers, tables, environments. */
"use client";

import { Section } from "@/components/layout/page";
import { PlanList } from "@/components/runs/plan-list";
import { Attempts } from "@/components/runs/run-page/step-panel/attempts";
import { Why } from "@/components/runs/run-page/step-panel/why";
import { EnvironmentList } from "@/components/settings/environment-list";
import { Cells } from "@/components/viewers/cells";
import { Classification } from "@/components/viewers/classification";
import { DataRows } from "@/components/viewers/data-rows";
import {
  SAMPLE_ATTEMPTS,
  SAMPLE_CELLS,
  SAMPLE_CLASSIFICATION,
  SAMPLE_ENVIRONMENTS,
  SAMPLE_PLAN,
  SAMPLE_WHYS,
} from "./run-samples";

const NO_RUN = { id: "r", tasks: [] };

export function RunStories() {
  return (
    <>
      <Section title="What happens with each step">
        <div className="max-w-xl">
          <PlanList plan={SAMPLE_PLAN} reuse={{ canChoose: () => true, off: ["train"], onChoose: () => {} }} />
        </div>
      </Section>
      <Section title="Why">
        <div className="max-w-xl">
          {SAMPLE_WHYS.map((task) => (
            <Why key={task.reason.code} run={NO_RUN} task={task} onOpen={() => {}} />
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
