/** Lines of CSV (RFC 4180) that a spreadsheet reads as data: what it would take for a formula gets a quote in front. */
import type { JsonValue } from "@/pipelines/graph";

const FORMULA = /^[=+\-@\t\r]/;

function cell(value: JsonValue): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** One line with its end. */
export const csvLine = (values: readonly JsonValue[]): string => `${values.map(cell).join(",")}\r\n`;
