/** Macros in parameter values: `[[RunUUID]]`, `[[CurrentTime.2006-01-02]]` and their kin, filled in when a run is made. */
import type { JsonValue } from "@/pipelines/graph";
import { goLayout } from "./go-layout";
import { strftime } from "./strftime";

/** What macros stand for; one that has nothing to stand for stays in the text. */
export interface MacroFacts {
  readonly runId: string;
  readonly now: Date;
  /** Slot of a recurring run, or the moment that a request for a run carried. */
  readonly scheduledAt?: Date | undefined;
  /** Counts the runs of a recurring run from 1. */
  readonly index?: number | undefined;
}

const DEFAULT_LAYOUT = "20060102150405";
const MACRO =
  /\[\[(?<word>RunUUID|Index|ScheduledTime|CurrentTime)\]\]|\[\[(?<time>ScheduledTime|CurrentTime)\.(?<layout>.*?)\]\]|\{\{\$\.(?<moment>scheduledTime|currentTime)\.strftime\((?<quote>['"])(?<format>.*?)\k<quote>\)\}\}/g;

type Groups = { readonly [group: string]: string | undefined };

const momentOf = (name: string | undefined, { now, scheduledAt }: MacroFacts): Date | undefined =>
  name?.startsWith("c") || name?.startsWith("C") ? now : scheduledAt;

/** The text of one macro; undefined when it has nothing to stand for. */
function filled({ word, time, layout = "", moment, format = "" }: Groups, facts: MacroFacts): string | undefined {
  if (word === "RunUUID") return facts.runId;
  if (word === "Index") return facts.index?.toString();
  const at = momentOf(word ?? time ?? moment, facts);
  if (at === undefined) return undefined;
  if (moment !== undefined) return strftime(format, at);
  return goLayout(time === undefined ? DEFAULT_LAYOUT : layout, at);
}

/** The text with its macros filled in; what is none, or has no value here, stays as it is. */
export function expandMacros(text: string, facts: MacroFacts): string {
  return text.replace(MACRO, (whole, ...rest) => filled(rest.at(-1), facts) ?? whole);
}

/** Parameter values with macros filled in: in values that are texts themselves, never in what lies inside lists or structs. */
export function expandParameters(
  parameters: { readonly [name: string]: JsonValue },
  facts: MacroFacts,
): { readonly [name: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === "string" ? expandMacros(value, facts) : value,
    ]),
  );
}
