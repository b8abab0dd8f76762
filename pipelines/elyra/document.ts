/** Checks the outer shape of a `.pipeline` document and finds its entry pipeline and version. */
import type { JsonValue } from "../graph";
import { asList, asText, field, isObject, isUnset, type JsonObject } from "./json";
import { CURRENT_VERSION } from "./migration";
import type { ProblemList } from "./problems";

export interface Document {
  readonly root: JsonObject;
  readonly primaryIndex: number;
  readonly primaryId: string;
  /** The version the file declares; 0 when it declares none. */
  readonly version: number;
}

/** Null when the document cannot be read any further; the problems say why. */
export function readDocument(value: JsonValue, problems: ProblemList): Document | null {
  if (!isObject(value)) {
    problems.error(
      "upload",
      "not-a-pipeline",
      "document",
      "The file holds no pipeline: its JSON is not an object. Save it again with the pipeline editor.",
    );
    return null;
  }
  checkSchemaVersion(value, problems);
  const pipelines = field(value, "pipelines");
  if (!Array.isArray(pipelines) || pipelines.length === 0) {
    const what =
      pipelines === undefined ? "There is no list `pipelines`" : "The list `pipelines` is empty or not a list";
    problems.error(
      "upload",
      "missing-pipelines",
      "pipelines",
      `${what}, so there is nothing to run. Save the file again with the pipeline editor.`,
    );
    return null;
  }
  const primaryIndex = primaryOf(value, pipelines, problems);
  if (primaryIndex === null) return null;
  const primary = pipelines[primaryIndex];
  const version = versionOf(field(primary, "app_data"), `pipelines[${primaryIndex}]`, problems);
  checkNodes(primary, `pipelines[${primaryIndex}]`, problems);
  return version === null ? null : { root: value, primaryIndex, primaryId: asText(field(primary, "id")), version };
}

function checkSchemaVersion(root: JsonObject, problems: ProblemList): void {
  const version = field(root, "version");
  if (typeof version !== "string") {
    problems.error(
      "upload",
      "missing-schema-version",
      "version",
      'The document does not say its schema version as a text. Write `"version": "3.0"` at its root.',
    );
  } else if (Number(version) !== 3 || version.trim() === "") {
    problems.error(
      "upload",
      "unsupported-schema-version",
      "version",
      `Schema version "${version}" is not known; Penstock reads "3.0". Save the file again with a current pipeline editor.`,
    );
  }
}

function primaryOf(root: JsonObject, pipelines: readonly JsonValue[], problems: ProblemList): number | null {
  const id = field(root, "primary_pipeline");
  if (typeof id !== "string") {
    problems.error(
      "upload",
      "missing-primary-pipeline",
      "primary_pipeline",
      "`primary_pipeline` does not name the pipeline to start with. Write the id of an entry of `pipelines`.",
    );
    return null;
  }
  const index = pipelines.findIndex((pipeline) => field(pipeline, "id") === id);
  if (index < 0) {
    problems.error(
      "upload",
      "unknown-primary-pipeline",
      "primary_pipeline",
      `\`primary_pipeline\` names "${id}", and no entry of \`pipelines\` has this id. Write the id of one that exists.`,
    );
    return null;
  }
  return index;
}

function versionOf(settings: JsonValue | undefined, at: string, problems: ProblemList): number | null {
  if (!isObject(settings)) {
    problems.error(
      "upload",
      "missing-app-data",
      `${at}.app_data`,
      "The pipeline has no `app_data`, where its version and properties stand. Save it again with the pipeline editor.",
    );
    return null;
  }
  const declared = field(settings, "version") ?? 0;
  const version = typeof declared === "string" && declared.trim() !== "" ? Number(declared) : declared;
  if (typeof version !== "number" || !Number.isFinite(version) || version < 0) {
    problems.error(
      "upload",
      "invalid-version",
      `${at}.app_data.version`,
      `The pipeline's version ${JSON.stringify(declared)} is not a number. Versions 0 to ${CURRENT_VERSION} are known.`,
    );
    return null;
  }
  if (version > CURRENT_VERSION) {
    problems.error(
      "upload",
      "newer-version",
      `${at}.app_data.version`,
      `The pipeline has version ${version}; Penstock reads versions 0 to ${CURRENT_VERSION}. Update Penstock, or export the pipeline from an older editor.`,
    );
    return null;
  }
  if (version === CURRENT_VERSION && isUnset(field(settings, "properties"))) {
    problems.error(
      "upload",
      "missing-properties",
      `${at}.app_data.properties`,
      "The pipeline has no properties, which version 8 demands. Save it again with the pipeline editor.",
    );
  }
  return version;
}

function checkNodes(primary: JsonValue | undefined, at: string, problems: ProblemList): void {
  const nodes = field(primary, "nodes");
  if (asList(nodes).length > 0) return;
  problems.error(
    "upload",
    "empty-pipeline",
    `${at}.nodes`,
    "The pipeline has no nodes. Add a notebook or a script to it and save it again.",
  );
}
