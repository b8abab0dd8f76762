/** The front door of the formats: one text in, one graph or its problems out. Pure, so the browser uses it too. */
import { parseElyra } from "./elyra";
import type { JsonValue, ParseOutcome, PipelineFormat, Problem } from "./graph";
import { parseKfp } from "./kfp";
import { sourceCode } from "./kfp/foreign";
import { parseNotebook } from "./notebook";
import { binaryContent } from "./text/binary";
import { readJson } from "./text/json";
import { sizeProblem, textProblem } from "./text/limits";

/** One uploaded file, decoded as UTF-8. */
export interface PipelineFile {
  readonly fileName: string;
  readonly text: string;
}

/** What a parser answered and which one it was; null when the file is of no format known here. */
export type PipelineOutcome = ParseOutcome & { readonly format: PipelineFormat | null };

/** Parses a file of any format, told apart by content first and by name where the content leaves it open. */
export function parsePipeline({ fileName, text }: PipelineFile): PipelineOutcome {
  const problem = unreadable(fileName, text);
  if (problem !== null) return { ok: false, problems: [problem], format: null };
  const format = formatOf(fileName, text);
  return { ...parseAs(format, fileName, text), format };
}

function parseAs(format: PipelineFormat, fileName: string, text: string): ParseOutcome {
  switch (format) {
    case "elyra":
      return parseElyra(text);
    case "notebook":
      return parseNotebook(fileName, text);
    case "kfp":
      return parseKfp(text);
  }
}

function unreadable(fileName: string, text: string): Problem | null {
  const tooLarge = sizeProblem(text);
  if (tooLarge !== null) return tooLarge;
  const binary = binaryContent(text);
  if (binary !== null) {
    const name = fileName === "" ? "The file" : `"${fileName.slice(-120)}"`;
    const message = `${name} is ${binary}, not a pipeline. Upload a .pipeline, .ipynb, .yaml or .json file, or a zip or tar.gz that holds one.`;
    return textProblem("not-a-pipeline", "the whole file", message);
  }
  if (text.trim() === "") return textProblem("no-pipeline", "the whole text", "The file is empty. Upload a pipeline.");
  return sourceCode(fileName, text);
}

function formatOf(fileName: string, text: string): PipelineFormat {
  const byName = /\.pipeline$/i.test(fileName) ? "elyra" : /\.ipynb$/i.test(fileName) ? "notebook" : "kfp";
  if (!/^\ufeff?\s*\{/.test(text)) return byName;
  const json = readJson(text);
  return json.ok ? (formatOfContent(json.value) ?? byName) : byName;
}

/** The format that an object shows by fields no other format has. */
function formatOfContent(value: JsonValue): PipelineFormat | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  if (value.doc_type === "pipeline" || Array.isArray(value.pipelines)) return "elyra";
  if (typeof value.nbformat === "number" && Array.isArray(value.cells ?? value.worksheets)) return "notebook";
  const marks = ["pipelineInfo", "pipeline_info", "pipelineSpec", "pipeline_spec", "deploymentSpec", "deployment_spec"];
  return marks.some((mark) => Object.hasOwn(value, mark)) ? "kfp" : null;
}
