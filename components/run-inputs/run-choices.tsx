/** How runs go about it, in every form that makes some: their profile and priority, and whether they reuse results. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { PriorityPicker } from "./priority-picker";
import { ProfilePicker } from "./profile-picker";

/** A field of a form, as its library hands it out. */
interface Chosen<T> {
  readonly value: T;
  readonly onChange: (value: T) => void;
}

const WORDS = { use: "Reuse them", ignore: "Run everything" } as const;

export function RunChoices({
  pipelineId,
  profile,
  priority,
  cache,
}: {
  readonly pipelineId: string | null;
  /** Null for what the pipeline says, else the default one. */
  readonly profile: Chosen<string | null>;
  readonly priority: Chosen<number>;
  /** Null for what the pipeline says. */
  readonly cache: Chosen<"use" | "ignore" | null>;
}) {
  const trpc = useTRPC();
  const pipeline = useQuery(trpc.pipelines.get.queryOptions(pipelineId === null ? skipToken : { id: pipelineId }));
  const usual = WORDS[pipeline.data?.cache ?? "use"].toLowerCase();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <ProfilePicker value={profile.value} ofPipeline={pipeline.data?.profile ?? null} onChange={profile.onChange} />
      <PriorityPicker value={priority.value} onChange={priority.onChange} />
      <Field
        id="run-cache"
        label="Results of earlier runs"
        hint="Reused where inputs, files and definition of a step are the same as before."
      >
        {(attributes) => (
          <Select
            {...attributes}
            value={cache.value ?? ""}
            placeholder={`As the pipeline says: ${usual}`}
            options={[
              { value: "use", label: WORDS.use },
              { value: "ignore", label: WORDS.ignore },
            ]}
            onValueChange={(next) => cache.onChange(next === "use" || next === "ignore" ? next : null)}
          />
        )}
      </Field>
    </div>
  );
}
