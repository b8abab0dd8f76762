/** A comparison as a file: CSV for a spreadsheet, JSON for a program; every row, whatever the page hides. */
import type { ComparisonView } from "@/server/domain/views/compare";
import type { Sections } from "./comparison";

/** A spreadsheet takes a text that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function csvField(text: string): string {
  const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line per row, one column per run. */
export function comparisonCsv({ runs }: ComparisonView, sections: Sections): string {
  const head = ["section", "step", "name", ...runs.map((run) => run.name)];
  const ids = ["run", "", "id", ...runs.map((run) => run.id)];
  const states = ["run", "", "state", ...runs.map((run) => run.state)];
  const lines = Object.entries(sections).flatMap(([section, rows]) =>
    rows.map((row) => [section, row.note ?? "", row.name, ...row.cells.map((cell) => cell?.text ?? "")]),
  );
  return [head, ids, states, ...lines].map((line) => `${line.map(csvField).join(",")}\r\n`).join("");
}

/** The comparison as the server tells it, with the run that the others are measured against. */
export const comparisonJson = (view: ComparisonView, baseline: number): string =>
  `${JSON.stringify({ baseline: view.runs[baseline]?.id ?? null, ...view }, null, 2)}\n`;
