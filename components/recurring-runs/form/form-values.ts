/** What the form of a recurring run holds, what it begins with, and how it becomes a request or a list of errors. */
import { parameterText, readParameter } from "@/components/run-inputs/parameter-text";
import type { FieldError } from "@/components/ui/error-summary";
import { type Pair, pairsOf } from "@/components/ui/pairs-editor";
import { tagsOf } from "@/components/ui/tag-fields";
import type { JsonValue, ParameterSpec, Problem } from "@/pipelines/graph";
import type { CatchUp, Overlap } from "@/server/domain/recurrence/words";
import { momentOf, zoneOf } from "@/server/domain/recurrence/zone";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { ruleOfTrigger, triggerOfRule } from "./rule";

export interface RecurringFormValues {
  readonly name: string;
  readonly description: string;
  readonly experimentId: string | null;
  readonly rule: string;
  readonly timeZone: string;
  /** Local times of the zone, `2026-12-01T09:00`; empty for none. */
  readonly start: string;
  readonly end: string;
  readonly maxConcurrency: string;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly profile: string | null;
  readonly priority: number;
  readonly cache: "use" | "ignore" | null;
  readonly tags: readonly Pair[];
  readonly isEnabled: boolean;
  /** As typed, in the order of the version's parameters. */
  readonly parameters: string[];
}

/** What a form begins with, but for the parameters. */
export type Beginning = Omit<RecurringFormValues, "parameters"> & {
  readonly values: { readonly [name: string]: JsonValue };
};

export const freshBeginning = (timeZone: string): Beginning => ({
  name: "",
  description: "",
  experimentId: null,
  rule: "0 9 * * *",
  timeZone,
  start: "",
  end: "",
  maxConcurrency: "1",
  overlap: "wait",
  catchUp: "latest",
  profile: null,
  priority: 0,
  cache: null,
  tags: [],
  isEnabled: true,
  values: {},
});

/** The local time of a moment as a field shows it; seconds only where there are some. */
function localText(iso: string | null, timeZone: string): string {
  if (iso === null) return "";
  const ms = Date.parse(iso);
  const text = new Date(ms + zoneOf(timeZone).stretchAt(ms).offsetMs).toISOString();
  return text.slice(0, text.slice(17, 19) === "00" ? 16 : 19);
}

/** The moment of a local time; null for an empty field or one that is not written to the end. */
function momentText(local: string, timeZone: string): string | null {
  const ms = local === "" ? Number.NaN : Date.parse(`${local}Z`);
  return Number.isNaN(ms) ? null : new Date(momentOf(zoneOf(timeZone), ms)).toISOString();
}

/** What a recurring run holds, to be edited or made again. */
export const beginningOf = (one: RecurringRunView): Beginning => ({
  name: one.name,
  description: one.description,
  experimentId: one.experiment.id,
  rule: ruleOfTrigger(one.trigger),
  timeZone: one.timeZone,
  start: localText(one.startAt, one.timeZone),
  end: localText(one.endAt, one.timeZone),
  maxConcurrency: String(one.maxConcurrency),
  overlap: one.overlap,
  catchUp: one.catchUp,
  profile: one.profile,
  priority: one.priority,
  cache: one.cache,
  tags: pairsOf(one.tags),
  isEnabled: one.state !== "disabled",
  values: one.parameters,
});

export const initialValues = (
  specs: readonly ParameterSpec[],
  { values, ...rest }: Beginning,
): RecurringFormValues => ({
  ...rest,
  parameters: specs.map((spec) =>
    parameterText(spec, Object.hasOwn(values, spec.name) ? values[spec.name] : spec.default),
  ),
});

/** Values that differ from their defaults: the others follow the version, also a later one. */
export function chosenParameters(
  specs: readonly ParameterSpec[],
  texts: readonly string[],
): { readonly [name: string]: JsonValue } {
  return Object.fromEntries(
    specs.flatMap((spec, at) => {
      const reading = readParameter(spec, texts[at] ?? "");
      const isChosen = reading.ok && reading.value !== undefined;
      return isChosen && JSON.stringify(reading.value) !== JSON.stringify(spec.default)
        ? [[spec.name, reading.value]]
        : [];
    }),
  );
}

/** Whether the end is not after the start. */
export function isEndWrong({ start, end, timeZone }: Pick<RecurringFormValues, "start" | "end" | "timeZone">): boolean {
  const startAt = momentText(start, timeZone);
  const endAt = momentText(end, timeZone);
  return startAt !== null && endAt !== null && endAt <= startAt;
}

/** Why a count of runs cannot be sent; undefined where it can. */
export const capProblem = (text: string): string | undefined =>
  /^(?:[1-9]|10)$/.test(text.trim()) ? undefined : "Write a number from 1 to 10.";

/** The schedule as the server is asked about it. */
export const scheduleRequest = (
  values: Pick<
    RecurringFormValues,
    "rule" | "timeZone" | "start" | "end" | "maxConcurrency" | "overlap" | "catchUp" | "isEnabled"
  >,
) => ({
  trigger: triggerOfRule(values.rule),
  timeZone: values.timeZone,
  startAt: momentText(values.start, values.timeZone),
  endAt: momentText(values.end, values.timeZone),
  maxConcurrency: Number(values.maxConcurrency),
  overlap: values.overlap,
  catchUp: values.catchUp,
  isEnabled: values.isEnabled,
});

/** Everything that is sent, but for what is run. */
export const savedRequest = (specs: readonly ParameterSpec[], values: RecurringFormValues) => ({
  ...scheduleRequest(values),
  name: values.name.trim(),
  description: values.description.trim(),
  profile: values.profile,
  priority: values.priority,
  cache: values.cache,
  parameters: { ...chosenParameters(specs, values.parameters) },
  tags: tagsOf(values.tags),
  ...(values.experimentId === null ? {} : { experimentId: values.experimentId }),
});

const PLACES: { readonly [place: string]: Pick<FieldError, "fieldId" | "label"> } = {
  "trigger.cron": { fieldId: "rule-text", label: "Schedule" },
  "trigger.seconds": { fieldId: "rule-text", label: "Schedule" },
  endAt: { fieldId: "recurring-end", label: "End" },
  name: { fieldId: "recurring-name", label: "Name" },
  maxConcurrency: { fieldId: "recurring-cap", label: "Runs at once" },
};

/** Sorts what the server refused: what belongs to a field of the schedule, and the rest. */
export function placedProblems(problems: readonly Problem[]): {
  readonly atFields: readonly FieldError[];
  readonly others: readonly Problem[];
} {
  const atFields: FieldError[] = [];
  const others: Problem[] = [];
  for (const problem of problems) {
    const field = Object.hasOwn(PLACES, problem.place ?? "") ? PLACES[problem.place ?? ""] : undefined;
    if (field === undefined) others.push(problem);
    else atFields.push({ ...field, message: problem.message });
  }
  return { atFields, others };
}
