/** Conditions in the words of their readers. */
import type { Reason } from "@/server/domain/reason";

/** Conditions as Kubeflow compiles them name their inputs the long way; a reader knows the values by their short names. */
export const shortCondition = (cel: string): string =>
  cel
    .replace(/inputs\.parameter_values\[(['"])(?:pipelinechannel--)?(.*?)\1\]/g, "$2")
    .replace(/^\((.*)\)$/s, (whole, inner: string) => (/[()]/.test(inner) ? whole : inner));

interface Condition {
  readonly text: string;
  readonly values: readonly (readonly [name: string, value: string])[];
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The condition that a reason speaks of, with the values it was asked about; null when it speaks of none. */
export function conditionOf(reason: Reason): Condition | null {
  if (reason.code !== "condition-false" && reason.code !== "condition-error") return null;
  const { subject } = reason;
  if (!isRecord(subject) || typeof subject.condition !== "string") return null;
  const values = isRecord(subject.values) ? Object.entries(subject.values) : [];
  return {
    text: shortCondition(subject.condition),
    values: values.map(([name, value]) => [name.replace(/^pipelinechannel--/, ""), JSON.stringify(value)] as const),
  };
}
