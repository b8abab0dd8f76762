/** Reads JSON as Python writes it: bare Infinity and NaN become the texts of the same name. */
import type { JsonValue } from "@/pipelines/graph";

/** The value of a text. Only what stands outside of strings is replaced. */
export function toStrictJson(text: string): JsonValue {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (found) =>
      found.startsWith('"') ? found : JSON.stringify(found),
    ),
  );
}
