/** Resolves `Concat` and `IfPresent`, which stand in an argument as a string of JSON. */
import type { JsonValue } from "@/pipelines/graph";
import { readJson } from "@/pipelines/text/json";

type Fill = (text: string) => string;
type IsPresent = (inputName: string) => boolean;

/** The words a structured argument stands for; null when the argument is plain text. */
export function resolveStructure(word: string, fill: Fill, isPresent: IsPresent): string[] | null {
  if (!/^\s*\{\s*"(?:Concat|IfPresent)"\s*:/.test(word)) return null;
  const json = readJson(word);
  return json.ok && isStructure(json.value) ? wordsOf(json.value, fill, isPresent) : null;
}

function wordsOf(value: JsonValue, fill: Fill, isPresent: IsPresent): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => wordsOf(item, fill, isPresent));
  if (!isStructure(value)) return [fill(typeof value === "string" ? value : JSON.stringify(value))];
  if (Array.isArray(value.Concat)) {
    return [value.Concat.flatMap((part) => wordsOf(part, fill, isPresent)).join("")];
  }
  const condition = value.IfPresent;
  if (!isObject(condition) || typeof condition.InputName !== "string") return [fill(JSON.stringify(value))];
  const chosen = isPresent(condition.InputName) ? condition.Then : condition.Else;
  return chosen === undefined || chosen === null ? [] : wordsOf(chosen, fill, isPresent);
}

function isStructure(value: JsonValue): value is { [key: string]: JsonValue } {
  return isObject(value) && (Object.hasOwn(value, "Concat") || Object.hasOwn(value, "IfPresent"));
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
