/** Asks a step's condition about the values it was given. */
import type { JsonValue, Step } from "@/pipelines/graph";
import { type Condition, conditionParameters, parseCondition } from "@/pipelines/kfp/condition";
import { evaluateCondition } from "@/pipelines/kfp/condition-value";
import type { Reason } from "@/server/domain/reason";
import { conditionError, conditionFalse } from "./reasons";

const parsed = new WeakMap<Step, Condition>();

/** Null when the step goes on: it has no condition, or a true one. A false one skips it, one without an answer fails it. */
export function askCondition(
  step: Step,
  inputs: { readonly [name: string]: JsonValue },
): { readonly state: "skipped" | "failed"; readonly reason: Reason } | null {
  const text = step.condition;
  if (text === undefined) return null;
  const known = parsed.get(step);
  const read = known === undefined ? parseCondition(text) : { ok: true as const, condition: known };
  if (!read.ok) return { state: "failed", reason: conditionError(text, {}, read.message) };
  parsed.set(step, read.condition);
  const asked = conditionParameters(read.condition).filter((name) => Object.hasOwn(inputs, name));
  const values = Object.fromEntries(asked.map((name) => [name, inputs[name] ?? null]));
  const answer = evaluateCondition(read.condition, new Map(Object.entries(inputs)));
  if (!answer.ok) return { state: "failed", reason: conditionError(text, values, answer.message) };
  return answer.holds ? null : { state: "skipped", reason: conditionFalse(text, values) };
}
