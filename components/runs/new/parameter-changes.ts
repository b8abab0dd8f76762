/** What another version asks of a run: parameters kept, new, gone or of another type, and the values carried over. */

import { describeValue, parameterText, readParameter } from "@/components/run-inputs/parameter-text";
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";

export type ParameterChange =
  | { readonly what: "new"; readonly name: string; readonly text: string }
  | { readonly what: "removed"; readonly name: string; readonly text: string }
  | { readonly what: "retyped"; readonly name: string; readonly text: string }
  | { readonly what: "default"; readonly name: string; readonly text: string };

const typeWords = ({ type, literals }: ParameterSpec): string =>
  literals ? `${type}, one of ${literals.length}` : type;

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

const said = (value: JsonValue | undefined): string => (value === undefined ? "none" : describeValue(value));

/** What differs between the parameters of two versions; `lastValue` tells what a removed one held. */
export function parameterChanges(
  before: readonly ParameterSpec[],
  after: readonly ParameterSpec[],
  lastValue: (name: string) => string | undefined,
): readonly ParameterChange[] {
  const old = new Map(before.map((spec) => [spec.name, spec]));
  const names = new Set(after.map(({ name }) => name));
  const found = after.flatMap((spec): ParameterChange[] => {
    const { name } = spec;
    const was = old.get(name);
    if (was === undefined) {
      const text = spec.default === undefined ? (spec.required ? "needs a value" : "optional") : said(spec.default);
      return [{ what: "new", name, text }];
    }
    if (was.type !== spec.type || !isSame(was.literals, spec.literals)) {
      return [{ what: "retyped", name, text: `${typeWords(was)} → ${typeWords(spec)}` }];
    }
    if (isSame(was.default, spec.default)) return [];
    return [{ what: "default", name, text: `${said(was.default)} → ${said(spec.default)}` }];
  });
  const gone = before
    .filter(({ name }) => !names.has(name))
    .map(({ name }): ParameterChange => ({ what: "removed", name, text: lastValue(name) || "no value" }));
  return [...found, ...gone];
}

/** How many parameters both versions have, of one type. */
export const keptCount = (before: readonly ParameterSpec[], changes: readonly ParameterChange[]): number =>
  before.length - changes.filter(({ what }) => what === "removed" || what === "retyped").length;

/**
 * The texts of one version's form for another version's: values stay what they are though types write them
 * differently, and what nobody touched follows the other version's default when `followsDefaults`.
 */
export function carriedTexts(
  before: readonly ParameterSpec[],
  texts: readonly string[],
  after: readonly ParameterSpec[],
  followsDefaults: boolean,
): { readonly [name: string]: string } {
  const next = new Map(after.map((spec) => [spec.name, spec]));
  const pairs = before.flatMap((spec, index): [string, string][] => {
    const text = texts[index] ?? "";
    const target = next.get(spec.name);
    if (target === undefined) return [[spec.name, text]];
    if (followsDefaults && text === parameterText(spec, spec.default)) return [];
    const reading = readParameter(spec, text);
    return [[spec.name, reading.ok && reading.value !== undefined ? parameterText(target, reading.value) : text]];
  });
  return Object.fromEntries(pairs);
}
