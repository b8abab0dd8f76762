/** Any text and any value written so that a shell, curl and Python read back exactly that. */
import type { JsonValue } from "@/pipelines/graph";

/** A word that a POSIX shell reads as exactly this text. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A JSON value as a Python literal. */
export function pythonLiteral(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pythonLiteral(each)}`);
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** The file of a curl form field; curl reads `;` and `,` in it as its own unless it is quoted. */
export const curlFile = (path: string): string => `file=@"${path.replace(/[\\"]/g, "\\$&")}"`;
