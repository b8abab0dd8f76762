/** The stories of the components, one section per kind. */
"use client";

import { Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import type { CopyAsProps } from "@/components/copy-as/copy-as-dialog";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle, Section } from "@/components/layout/page";
import { ProblemList } from "@/components/pipelines/problem-list";
import { ParameterField } from "@/components/run-inputs/parameter-field";
import { RunStatus, STATE_LOOKS } from "@/components/runs/run-status";
import { StepBar } from "@/components/runs/step-bar";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import { Switch } from "@/components/ui/switch";
import { RelativeTime } from "@/components/ui/time";
import { toast } from "@/components/ui/toast";
import { PARAMETER_TYPES } from "@/pipelines/graph";
import { SNIPPETS } from "@/server/domain/snippets";
import { ATTEMPT_STATES, RUN_STATES, TASK_STATES } from "@/server/domain/states";
import { CompareStories } from "./compare-stories";
import { RunStories } from "./run-stories";
import { SAMPLE_COUNTS, SAMPLE_PROBLEMS } from "./samples";

export function Gallery() {
  return (
    <Page className="gap-8">
      <Crumbs items={[{ label: "Gallery" }]} />
      <PageTitle title="Gallery" note="Every component in every state." />
      <States />
      <Section title="Step bars">
        <div className="flex max-w-md flex-col gap-3 pt-2">
          {SAMPLE_COUNTS.map((counts) => (
            <StepBar key={JSON.stringify(counts)} counts={counts} />
          ))}
        </div>
      </Section>
      <Buttons />
      <Controls />
      <Parameters />
      <Section title="Times">
        <p className="flex gap-6 pt-2 text-sm">
          <RelativeTime at="2026-01-02T03:04:05.678Z" />
          <Duration from="2026-01-02T03:04:05.000Z" to="2026-01-02T03:06:18.000Z" />
          <Duration from="2026-01-02T03:04:05.000Z" to="2026-01-02T03:04:05.041Z" />
          <Duration from={null} to={null} />
        </p>
      </Section>
      <Section title="Problems">
        <ProblemList problems={SAMPLE_PROBLEMS} label="Problems" />
      </Section>
      <CopyAs />
      <RunStories />
      <CompareStories />
      <Section title="Nothing, trouble, waiting">
        <EmptyState icon={<Play />} title="Nothing has run yet" actions={<Button>Upload a pipeline</Button>}>
          A run is one execution of a pipeline.
        </EmptyState>
        <ErrorState message="The server does not answer. Check that Penstock is running." onRetry={() => {}} />
        <SkeletonRows rows={3} />
      </Section>
      <Section title="Text of machines">
        <CodeBlock label="a command" text={"npx penstock submit churn.pipeline \\\n  --param lr=0.1 --wait"} />
      </Section>
    </Page>
  );
}

function States() {
  const groups = { Runs: RUN_STATES, Tasks: TASK_STATES, Attempts: ATTEMPT_STATES } as const;
  return (
    <Section title="States">
      {Object.entries(groups).map(([name, states]) => (
        <div key={name} className="grid grid-cols-[6rem_minmax(0,1fr)] items-baseline gap-2 py-1.5">
          <h3 className="text-xs text-faint">{name}</h3>
          <ul className="flex flex-wrap gap-x-6 gap-y-2">
            {states.map((state) => (
              <li key={state} className="flex items-center gap-2">
                <RunStatus state={state} />
                <span className={`rounded-sm px-1.5 text-xs ${STATE_LOOKS[state].soft} ${STATE_LOOKS[state].text}`}>
                  {STATE_LOOKS[state].label}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Section>
  );
}

function Buttons() {
  return (
    <Section title="Buttons, badges, messages">
      <div className="flex flex-wrap items-center gap-2 pt-2">
        <Button look="primary">Start run</Button>
        <Button>Clone</Button>
        <Button look="ghost">Leave</Button>
        <Button look="danger">
          <Trash2 />
          Delete 3 runs
        </Button>
        <Button look="primary" busy>
          Start run
        </Button>
        <Button look="primary" reason="Files it names are missing">
          Start run
        </Button>
        <Button size="sm">Small</Button>
        <IconButton label="Delete">
          <Trash2 />
        </IconButton>
        <Badge>Kubeflow</Badge>
        <Badge tone="accent">team: growth</Badge>
        <Badge tone="warning">incomplete</Badge>
        <Badge tone="danger">refused</Badge>
        <Button onClick={() => toast({ title: "2 runs archived", action: { label: "Undo", run: () => {} } })}>
          Message
        </Button>
        <Button
          onClick={() =>
            toast({ tone: "error", title: "Nothing was changed", description: "The server does not answer." })
          }
        >
          Error message
        </Button>
        <Dialog>
          <DialogTrigger asChild>
            <Button>Dialog</Button>
          </DialogTrigger>
          <DialogContent
            title="Delete 3 runs for ever?"
            description="Their logs and outputs go too. This cannot be undone."
            footer={
              <DialogClose asChild>
                <Button>Keep them</Button>
              </DialogClose>
            }
          />
        </Dialog>
      </div>
    </Section>
  );
}

function Controls() {
  const [on, setOn] = useState(true);
  return (
    <Section title="Controls">
      <div className="grid max-w-3xl gap-4 pt-2 sm:grid-cols-2">
        <Field id="g-name" label="Name" hint="Left empty, it is named after the pipeline.">
          {(control) => <Input {...control} />}
        </Field>
        <Field id="g-rate" label="Rate" required error="Write a number, such as 0.01 or 1e-3.">
          {(control) => <Input {...control} defaultValue="fast" />}
        </Field>
        <Field id="g-text" label="Description">
          {(control) => <Textarea {...control} />}
        </Field>
        <div className="flex items-center gap-4">
          <Switch aria-label="A switch" checked={on} onCheckedChange={setOn} />
          <Checkbox aria-label="On" checked />
          <Checkbox aria-label="Off" checked={false} />
          <Checkbox aria-label="Mixed" checked="indeterminate" />
        </div>
      </div>
    </Section>
  );
}

function Parameters() {
  const [texts, setTexts] = useState<{ readonly [type: string]: string }>({});
  return (
    <Section title="Parameters">
      <div className="grid max-w-3xl gap-4 pt-2 sm:grid-cols-2">
        {PARAMETER_TYPES.map((type) => (
          <ParameterField
            key={type}
            id={`g-${type}`}
            spec={{ name: `a_${type}`, type, required: type === "integer", description: `A ${type}.` }}
            value={texts[type] ?? ""}
            error={type === "integer" ? "This value is required." : undefined}
            onChange={(text) => setTexts((before) => ({ ...before, [type]: text }))}
            onBlur={() => {}}
          />
        ))}
        <ParameterField
          id="g-literal"
          spec={{ name: "optimizer", type: "string", required: false, default: "adam", literals: ["adam", "sgd"] }}
          value={texts.literal ?? '"adam"'}
          error={undefined}
          onChange={(text) => setTexts((before) => ({ ...before, literal: text }))}
          onBlur={() => {}}
        />
      </div>
    </Section>
  );
}

const SAMPLE_COPY: CopyAsProps = {
  of: "this run",
  choices: [
    { label: "Rename", snippets: (origin) => SNIPPETS.renameRun(origin, { id: "r1", name: 'it\'s a "run"' }) },
    { label: "Archive", snippets: (origin) => SNIPPETS.archiveRuns(origin, { ids: ["r1", "r2"] }) },
  ],
};

function CopyAs() {
  return (
    <Section title="The same from elsewhere" aside={<CopyAsButton isNamed {...SAMPLE_COPY} />}>
      <div className="max-w-2xl pt-2">
        <SnippetTabs
          snippets={[
            { label: "curl", text: "curl http://127.0.0.1:4270/healthz" },
            { label: "Python", reason: "kfp.Client fetches no artifacts; take curl or the command." },
          ]}
        />
      </div>
    </Section>
  );
}
