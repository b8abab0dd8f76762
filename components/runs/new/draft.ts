/** What was typed into a form and not sent, kept in this browser until it is sent or given up. */
import type { ParameterSpec } from "@/pipelines/graph";
import type { RunFormValues } from "./form-values";

/** Parameters by name, so that they outlive a change of the version. */
export interface Draft extends Omit<RunFormValues, "parameters"> {
  readonly at: string;
  readonly texts: { readonly [name: string]: string };
}

const PREFIX = "penstock-draft of ";
/** A forgotten draft surprises more than it helps. */
const KEPT_MS = 7 * 86_400_000;

/** One draft for each thing that can be started: a pipeline, or a clone of a run, or a part of one. */
export const draftKey = (...what: readonly (string | null | undefined)[]): string =>
  PREFIX + what.map((each) => each ?? "").join(" ");

export function readDraft(key: string, nowMs: number): Draft | null {
  const text = localStorage.getItem(key);
  if (text === null) return null;
  try {
    const draft = JSON.parse(text) as Draft;
    if (nowMs - Date.parse(draft.at) < KEPT_MS && typeof draft.texts === "object") return draft;
  } catch {
    // Not ours, or of another release: there is no draft.
  }
  dropDraft(key);
  return null;
}

export function keepDraft(key: string, specs: readonly ParameterSpec[], values: RunFormValues, now: Date): void {
  const { parameters, ...rest } = values;
  const texts = Object.fromEntries(specs.map((spec, index) => [spec.name, parameters[index] ?? ""]));
  try {
    localStorage.setItem(key, JSON.stringify({ ...rest, at: now.toISOString(), texts } satisfies Draft));
  } catch {
    // A full store keeps no draft; the form itself is not touched by that.
  }
}

export const dropDraft = (key: string): void => localStorage.removeItem(key);

/** The form with a draft over it. */
export function withDraft(clean: RunFormValues, specs: readonly ParameterSpec[], draft: Draft): RunFormValues {
  const { at: _, texts, ...rest } = draft;
  return {
    ...clean,
    ...rest,
    parameters: specs.map((spec, index) => texts[spec.name] ?? clean.parameters[index] ?? ""),
  };
}
