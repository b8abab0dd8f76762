/** `--param name=value` arguments, typed by what the version declares. */
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";
import { refused } from "./exit";
import { pairOf } from "./pairs";

/** A value as its parameter declares it: text stays text, everything else is JSON. */
function parameterValue(spec: ParameterSpec | undefined, name: string, text: string): JsonValue {
  if (spec?.type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    if (spec === undefined) return text;
    throw refused(`--param ${name}: ${JSON.stringify(text)} is no ${spec.type}. Write it as JSON.`);
  }
}

/** `name=value` arguments by name. Throws for a name that is given twice and a value that is not of its type. */
export function readParameters(
  specs: readonly ParameterSpec[],
  given: readonly string[],
): { [name: string]: JsonValue } {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const values = new Map<string, JsonValue>();
  for (const one of given) {
    const [name, text] = pairOf("--param", one);
    if (values.has(name)) throw refused(`--param ${name} is given twice.`);
    values.set(name, parameterValue(byName.get(name), name, text));
  }
  return Object.fromEntries(values);
}
