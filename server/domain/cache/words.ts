/** Why a step is reused or runs, in words: for the task, the preview and the command alike. */
import type { JsonValue, Step } from "@/pipelines/graph";
import { valueText } from "../kfp/values";
import type { Reason } from "../reason";
import type { StepPlanView } from "../views/run-plan";
import { GONE } from "./stored-result";

const FEW = 3;
const MAX_VALUE = 60;

const KINDS: { readonly [kind: string]: (name: string) => string } = {
  input: (name) => `input "${name}"`,
  artifact: (name) => `the content of input "${name}"`,
  file: (name) => `the file ${name}`,
  upstream: (name) => `the file ${name} of an earlier step`,
  environment: (name) => `the variable ${name}`,
  profile: (name) => `the profile's variable ${name}`,
  mount: (name) => `what is mounted at ${name}`,
};

const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ["python", "the profile's Python"],
  ["executor", "the profile's executor"],
  ["folder", "the profile's working directory"],
  ["outputs", "the list of its outputs"],
  ["mounts", "the list of its mounts"],
]);

/** `input lr` as a reader knows it. */
function partWords(part: string): string {
  const space = part.indexOf(" ");
  const kind = KINDS[part.slice(0, Math.max(space, 0))];
  return kind?.(part.slice(space + 1)) ?? OWN_WORDS.get(part) ?? `its ${part}`;
}

/** The values of an input before and now, where a reader may see them. */
export type ValuesOf = (input: string) => {
  readonly before: JsonValue | undefined;
  readonly now: JsonValue | undefined;
};

const shown = (value: JsonValue | undefined): string => {
  if (value === undefined) return "nothing";
  const text = valueText(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text === "" ? '""' : text;
};

function changeWords(part: string, values: ValuesOf | undefined): string {
  const name = part.startsWith("input ") ? part.slice("input ".length) : null;
  const both = name === null ? undefined : values?.(name);
  if (both === undefined || shown(both.before) === shown(both.now)) return `${partWords(part)} changed`;
  return `${partWords(part)} changed from ${shown(both.before)} to ${shown(both.now)}`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Why nothing could be reused; `changed` is null for a step that no earlier run has reached. */
export function missWords(changed: readonly string[] | null, values?: ValuesOf): string {
  if (changed === null) return "The step has never run before.";
  const gone = changed.find((part) => part.startsWith(GONE));
  if (gone !== undefined)
    return `The earlier result cannot be reused: its artifact "${gone.slice(GONE.length)}" is gone.`;
  if (changed.length === 0)
    return "Nothing changed since the last time, but that result cannot be reused: it failed, was forgotten or belongs to a deleted run.";
  const some = changed.slice(0, FEW).map((part) => changeWords(part, values));
  const more = changed.length > FEW ? [`${changed.length - FEW} more parts changed`] : [];
  return sentence([...some, ...more].join("; "));
}

/** Whose result was taken. */
export const hitWords = (runName: string): string =>
  `Nothing changed since the run "${runName}", whose result is used.`;

export interface Producer {
  readonly taskKey: number;
  readonly taskPath: string;
  readonly runId: string;
  readonly runName: string;
}

const subject = ({ taskKey, taskPath, runId }: Producer): JsonValue => ({ run: runId, task: taskKey, step: taskPath });

/** Why a task did not run: another one has left the same result. */
export const cacheHit = (source: Producer): Reason => ({
  code: "cache-hit",
  message: hitWords(source.runName),
  subject: subject(source),
});

/** Why a task waits for another one that does the same. */
export const waitingForTwin = (twin: Producer): Reason => ({
  code: "waiting-for-twin",
  message: `${twinWords(twin)} Its result is used once it succeeds.`,
  subject: subject(twin),
});

/** Why a step may not need to run: another run makes the same result now. */
export const twinWords = ({ runName }: Pick<Producer, "runName">): string =>
  `The same step with the same inputs is under way in the run "${runName}".`;

/** Why nothing can be said of a step yet. */
export const dependsOn = (step: Pick<Step, "name">): string =>
  `It depends on the result of "${step.name}", which is not there yet.`;

/** Why a step does not run: what it waits for does not. */
export const afterLeftOut = (step: Pick<Step, "name">): string => `It comes after "${step.name}", which does not run.`;

/** What a group means for what it holds. */
export const insideOf = (group: Pick<Step, "name">, does: StepPlanView["does"]): string =>
  does === "leave-out"
    ? `It lies in "${group.name}", which does not run.`
    : `It lies in "${group.name}", of which nothing can be said yet.`;

/** What becomes of a step in the iterations of a loop, counted. */
export function iterationWords(fates: readonly StepPlanView["does"][]): string {
  const reused = fates.filter((does) => does === "reuse").length;
  if (fates.length === 0) return "The loop has no items.";
  return reused === fates.length
    ? `All ${reused} iterations are reused.`
    : `${reused} of ${fates.length} iterations are reused.`;
}

/** Why a loop is not looked at item by item. */
export const manyIterations = (count: number): string => `It has ${count} iterations, too many to look at each.`;

/** What becomes of what a group holds, counted. */
export function groupWords(fates: readonly StepPlanView["does"][]): string {
  const reused = fates.filter((does) => does === "reuse").length;
  if (fates.length > 0 && reused === fates.length) return "All it holds is reused.";
  if (fates.every((does) => does === "leave-out")) return "Nothing it holds runs.";
  return reused === 0 ? "Nothing it holds is reused." : `${reused} of ${fates.length} steps in it are reused.`;
}
