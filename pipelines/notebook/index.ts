/** Reads a single Jupyter notebook as a pipeline of one step. */
import type { JsonValue, ParseOutcome, PipelineGraph, Problem, Step } from "../graph";
import { stepPath } from "../graph";
import { readLenientJson } from "../text/json";

type Json = JsonValue | undefined;

/** `fileName` may carry folders; the step runs the file by its base name. Never throws. */
export function parseNotebook(fileName: string, text: string): ParseOutcome {
  const json = readLenientJson(text);
  if (!json.ok) return { ok: false, problems: json.problems };
  const refusal = refuse(json.value);
  if (refusal !== null) return { ok: false, problems: [refusal] };
  const cells = list(field(json.value, "cells"));
  const problems = [...cellProblems(cells), ...kernelProblems(field(json.value, "metadata"))];
  if (problems.some((problem) => problem.severity === "error")) return { ok: false, problems };
  return { ok: true, graph: notebookGraph(fileName, json.value, cells), problems };
}

function error(rule: string, place: string, message: string): Problem {
  return { severity: "error", stage: "upload", rule, place, message };
}

function warning(rule: string, place: string, message: string): Problem {
  return { severity: "warning", stage: "run", rule, place, message };
}

/** Why a document is no notebook of format 4, or null. */
function refuse(document: JsonValue): Problem | null {
  const format = field(document, "nbformat");
  if (typeof format !== "number") {
    return error(
      "not-a-notebook",
      "nbformat",
      "The file is JSON but no notebook: it has no number `nbformat`. Save it again in Jupyter.",
    );
  }
  if (format < 4) {
    const how = "Open it in Jupyter and save it, or run `jupyter nbconvert --to notebook --nbformat 4 FILE`.";
    return error("old-notebook", "nbformat", `The notebook has format ${format}; Penstock reads format 4. ${how}`);
  }
  if (format >= 5) {
    return error(
      "newer-notebook",
      "nbformat",
      `The notebook has format ${format}; Penstock reads format 4. Save it as format 4, or update Penstock.`,
    );
  }
  if (!Array.isArray(field(document, "cells"))) {
    return error("not-a-notebook", "cells", "The notebook has no list `cells`. Save it again in Jupyter.");
  }
  return null;
}

const CELL_TYPES = new Set(["code", "markdown", "raw"]);
/** A broken file usually has every cell broken the same way. */
const MOST_CELL_PROBLEMS = 20;

function cellProblems(cells: readonly JsonValue[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, cell] of cells.entries()) {
    if (problems.length >= MOST_CELL_PROBLEMS) break;
    const type = field(cell, "cell_type");
    const source = field(cell, "source");
    const isText =
      typeof source === "string" || (Array.isArray(source) && source.every((line) => typeof line === "string"));
    if (typeof type !== "string" || !CELL_TYPES.has(type)) {
      problems.push(
        error(
          "invalid-cell",
          `cells[${index}]`,
          `Cell ${index + 1} is of no known type (code, markdown, raw). Delete it and save the notebook again.`,
        ),
      );
    } else if (!isText) {
      problems.push(
        error(
          "invalid-cell",
          `cells[${index}].source`,
          `Cell ${index + 1} has no source text. Delete it and save the notebook again.`,
        ),
      );
    }
  }
  if (!cells.some((cell) => field(cell, "cell_type") === "code")) {
    problems.push(warning("no-code", "cells", "The notebook has no code cell, so a run of it does nothing. Add one."));
  }
  return problems;
}

function kernelProblems(metadata: Json): readonly Problem[] {
  if (kernelName(metadata) !== "" || language(metadata) !== "") return [];
  return [
    warning(
      "no-kernel",
      "metadata.kernelspec",
      "The notebook does not name its kernel; it is run as Python. Choose a kernel in Jupyter and save it.",
    ),
  ];
}

function notebookGraph(fileName: string, document: JsonValue, cells: readonly JsonValue[]): PipelineGraph {
  const wellFormed = fileName.replace(/\p{Surrogate}/gu, "\ufffd");
  const file = wellFormed.slice(wellFormed.lastIndexOf("/") + 1) || "notebook.ipynb";
  const name = file.replace(/\.ipynb$/i, "") || file;
  const path = stepPath([name]);
  const step: Step = {
    path,
    key: name,
    parent: null,
    kind: "notebook",
    name,
    description: summary(document, cells),
    dependsOn: [],
    trigger: "succeeded",
    cache: { enabled: false },
    interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
    parameters: [],
    artifacts: [],
    body: {
      body: "file",
      runner: "notebook",
      file,
      image: null,
      dependencies: [],
      includeSubdirectories: false,
      outputs: [],
      env: [],
      parameterEnv: [],
      secrets: [],
      volumes: [],
    },
  };
  const minor = field(document, "nbformat_minor");
  return {
    format: "notebook",
    formatVersion: `nbformat ${String(field(document, "nbformat"))}.${typeof minor === "number" ? minor : 0}`,
    name,
    description: "",
    parameters: [],
    outputs: { parameters: [], artifacts: [] },
    outputTypes: { parameters: {}, artifacts: {} },
    inputArtifacts: [],
    steps: [step],
    comments: [],
    needs: [{ path: file, kind: "file", step: path }],
    changes: [],
    unknownFields: [],
  };
}

/** Kernel, language and size in words: `Python 3 (python), 12 code cells`. */
function summary(document: JsonValue, cells: readonly JsonValue[]): string {
  const metadata = field(document, "metadata");
  const kernel = text(field(field(metadata, "kernelspec"), "display_name")) || kernelName(metadata) || "Python";
  const spoken = language(metadata);
  const count = cells.filter((cell) => field(cell, "cell_type") === "code").length;
  return `${kernel}${spoken === "" ? "" : ` (${spoken})`}, ${count} code ${count === 1 ? "cell" : "cells"}`;
}

function kernelName(metadata: Json): string {
  return text(field(field(metadata, "kernelspec"), "name"));
}

function language(metadata: Json): string {
  return (
    text(field(field(metadata, "language_info"), "name")) || text(field(field(metadata, "kernelspec"), "language"))
  );
}

function field(value: Json, key: string): Json {
  const isHolder = typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key);
  return isHolder ? value[key] : undefined;
}

function list(value: Json): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json): string {
  return typeof value === "string" ? value : "";
}
