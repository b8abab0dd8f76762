/** Reads a compiled Kubeflow pipeline (IR, YAML or JSON, with or without a platform document) into a graph. */
import type { JsonValue, ParseOutcome, Problem } from "../graph";
import { readJson } from "../text/json";
import { textProblem } from "../text/limits";
import { readYamlDocuments } from "../text/yaml";
import { checkSpec } from "./check";
import { compileSpec } from "./compile";
import { foreignDocument } from "./foreign";
import { isObject, type ReadContext } from "./message";
import { PipelineSpec, PlatformSpec } from "./spec";

const WHOLE = "the whole text";
const SHOWN_PROBLEMS = 200;

/** Parses the text of a compiled pipeline; never throws. */
export function parseKfp(text: string): ParseOutcome {
  const isJson = /^\ufeff?\s*[{[]/.test(text);
  const json = isJson ? readJson(text) : null;
  if (json?.ok === true) return parseKfpDocuments([json.value]);
  if (json?.problems.some((one) => one.rule !== "syntax")) return json;
  const yaml = readYamlDocuments(text);
  if (yaml.ok) return parseKfpDocuments(yaml.value);
  return json ?? yaml;
}

/** As `parseKfp`, for documents that are parsed already (an inline specification, say). */
export function parseKfpDocuments(documents: readonly JsonValue[]): ParseOutcome {
  const changes: string[] = [];
  const specs: JsonValue[] = [];
  const platforms: JsonValue[] = [];
  for (const document of documents) {
    for (const one of unwrap(document, changes)) {
      if (isSpec(one)) specs.push(one);
      else if (isObject(one) && isObject(one.platforms)) platforms.push(one);
    }
  }
  const [document] = specs;
  if (document === undefined) return refused(foreignDocument(documents) ?? missing(documents));
  if (specs.length > 1) {
    return refused(textProblem("two-pipelines", WHOLE, "The file holds two pipelines. Upload them one at a time."));
  }
  if (platforms.length > 1) {
    return refused(textProblem("two-platforms", WHOLE, "The file holds two platform documents. Keep one."));
  }
  return read(document, platforms[0] ?? null, changes);
}

function read(document: JsonValue, platformDocument: JsonValue, changes: readonly string[]): ParseOutcome {
  const context: ReadContext = { problems: [], dropped: [], refusesUnknown: true };
  const spec = PipelineSpec(document, "", context);
  const platform = platformDocument === null ? null : (PlatformSpec(platformDocument, "", context) ?? null);
  if (spec === undefined || context.problems.length > 0) return refused(...context.problems);
  const problems = checkSpec(spec);
  if (problems.some((problem) => problem.severity === "error")) return refused(...problems);
  return { ok: true, graph: compileSpec({ spec, platform, unknownFields: context.dropped, changes }), problems };
}

function refused(...problems: readonly Problem[]): ParseOutcome {
  return { ok: false, problems: problems.slice(0, SHOWN_PROBLEMS) };
}

/** Takes the pipeline out of a PipelineJob, Run or PipelineVersion, which may hold a platform document beside it. */
function unwrap(document: JsonValue, changes: string[]): JsonValue[] {
  if (!isObject(document)) return [document];
  const inner = document.pipelineSpec ?? document.pipeline_spec;
  if (!isObject(inner)) return [document];
  changes.push("Read the pipeline spec inside the uploaded object; its other fields are not used.");
  const nested = inner.pipelineSpec ?? inner.pipeline_spec;
  if (!isObject(nested)) return [inner];
  const platform = inner.platformSpec ?? inner.platform_spec;
  return isObject(platform) ? [nested, platform] : [nested];
}

function isSpec(document: JsonValue): boolean {
  if (!isObject(document)) return false;
  const marks = [
    "pipelineInfo",
    "pipeline_info",
    "deploymentSpec",
    "deployment_spec",
    "schemaVersion",
    "schema_version",
  ];
  return marks.some((mark) => Object.hasOwn(document, mark));
}

function missing(documents: readonly JsonValue[]): Problem {
  const isEmpty = documents.every(
    (document) => document === null || (isObject(document) && Object.keys(document).length === 0),
  );
  if (isEmpty)
    return textProblem("no-pipeline", WHOLE, "The file holds no pipeline: it is empty or has only comments.");
  const message =
    "The file holds no Kubeflow pipeline: pipelineInfo, deploymentSpec and root are missing. Upload the file that `kfp dsl compile` wrote.";
  return textProblem("no-pipeline", WHOLE, message);
}
