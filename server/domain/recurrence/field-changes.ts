/** What an edit of a recurring run changed, field by field, in words. */
import type { RecurringRunView } from "../views/recurring-runs";
import type { FieldChange } from "./words";

type InWords = (one: RecurringRunView) => string | null;

const whole = (value: object): string | null => (Object.keys(value).length === 0 ? null : JSON.stringify(value));

function schedule({ trigger, words }: RecurringRunView): string {
  return trigger.kind === "cron" ? `${words} (${trigger.cron})` : words;
}

const FIELDS: { readonly [field: string]: InWords } = {
  Name: ({ name }) => name,
  Description: ({ description }) => description || null,
  Schedule: schedule,
  "Time zone": ({ timeZone }) => timeZone,
  Start: ({ startAt }) => startAt,
  End: ({ endAt }) => endAt,
  Pipeline: ({ pipeline }) => pipeline?.name ?? null,
  Version: ({ version }) => (version === null ? "latest" : `v${version.number}`),
  Experiment: ({ experiment }) => experiment.name,
  "Runs at once": ({ maxConcurrency }) => String(maxConcurrency),
  Overlap: ({ overlap }) => overlap,
  "Catch-up": ({ catchUp }) => catchUp,
  Parameters: ({ parameters }) => whole(parameters),
  Profile: ({ profile }) => profile,
  Priority: ({ priority }) => String(priority),
  Cache: ({ cache }) => cache,
  Tags: ({ tags }) => whole(tags),
};

/** The fields that differ, in the order in which pages show them. */
export function fieldChanges(before: RecurringRunView, after: RecurringRunView): FieldChange[] {
  return Object.entries(FIELDS).flatMap(([field, inWords]) => {
    const change = { field, before: inWords(before), after: inWords(after) };
    return change.before === change.after ? [] : [change];
  });
}
