/** Reads a `.pipeline` document (Elyra, YData), of every version, into the one graph. */
import type { ParseOutcome, PipelineGraph, Step, StepPath } from "../graph";
import { readJson } from "../text/json";
import { describedSteps, readComments } from "./comments";
import { type Document, readDocument } from "./document";
import { readForeignNode } from "./foreign-node";
import { type Defaults, readDefaults, readGenericNode } from "./generic-node";
import { checkContestedOutputs, checkLabels, checkUnusedParameters } from "./graph-rules";
import { asList, asObject, asText, field, fieldAt } from "./json";
import { GENERIC_OPERATIONS } from "./known-operations";
import { childrenOf, type Dependencies, resolveDependencies } from "./links";
import { CURRENT_VERSION, migrateDocument } from "./migration";
import { type FileStep, fileNeeds } from "./needs";
import { orderSteps } from "./order";
import { readParameters } from "./parameters";
import { baseName } from "./paths";
import { positions } from "./positions";
import { type ProblemList, problemList } from "./problems";
import { displayName, openScopes, type ScopedNode } from "./scopes";
import { unknownFields } from "./unknown-fields";
import { upstreamOf } from "./upstream";

/** Never throws; reports every problem it can find at once. */
export function parseElyra(text: string): ParseOutcome {
  const json = readJson(text);
  if (!json.ok) return { ok: false, problems: json.problems };
  const problems = problemList();
  const document = readDocument(json.value, problems);
  const graph = document === null ? null : readGraph(document, problems);
  if (graph === null || problems.refuses()) return { ok: false, problems: problems.all() };
  return { ok: true, graph, problems: problems.all() };
}

const RUNTIME_TYPES = new Set(["", "KUBEFLOW_PIPELINES", "APACHE_AIRFLOW", "ARGO", "LOCAL", "GENERIC"]);

function readGraph(source: Document, problems: ProblemList): PipelineGraph | null {
  const { document, changes } = migrateDocument(source.root, source.primaryIndex, source.version);
  const primary = asList(document.pipelines)[source.primaryIndex];
  const at = `pipelines[${source.primaryIndex}].app_data`;
  const settings = asObject(field(primary, "app_data"));
  const properties = asObject(field(settings, "properties"));
  const runtimeType = asText(field(settings, "runtime_type"));
  if (!RUNTIME_TYPES.has(runtimeType)) {
    problems.warning(
      "unknown-runtime",
      `${at}.runtime_type`,
      `The runtime type "${runtimeType}" is not known. The pipeline is read as a generic one; choose a known runtime in the pipeline editor.`,
    );
  }

  const parameters = readParameters(
    field(properties, "pipeline_parameters"),
    `${at}.properties.pipeline_parameters`,
    problems,
  );
  const defaults = readDefaults(
    asObject(field(properties, "pipeline_defaults")),
    `${at}.properties.pipeline_defaults`,
    problems,
  );
  const scopes = openScopes(document, source.primaryIndex, problems);
  const dependencies = resolveDependencies(scopes, problems);
  const children = childrenOf(scopes);
  const isAfter = upstreamOf(dependencies, children);
  const ordered = orderSteps(scopes.steps, dependencies, children, problems);
  const around = { scopes, isAfter, parameters, runtimeType, defaults, problems };
  const comments = readComments(scopes);
  const reading: Reading = {
    defaults,
    dependencies,
    around,
    descriptions: describedSteps(comments),
    places: positions(scopes),
  };
  const steps = ordered.flatMap((scoped) => readStep(scoped, reading) ?? []);

  const fileSteps = steps.flatMap((step): readonly FileStep[] =>
    step.body.body === "file" ? [{ path: step.path, body: step.body }] : [],
  );
  checkLabels(ordered, dependencies, problems);
  checkUnusedParameters(parameters, scopes, at, problems);
  checkContestedOutputs(fileSteps, isAfter, ordered, problems);
  return {
    format: "elyra",
    formatVersion:
      source.version === CURRENT_VERSION
        ? `Elyra ${CURRENT_VERSION}`
        : `Elyra ${CURRENT_VERSION} (read as ${source.version}, migrated)`,
    name: asText(field(settings, "name")) || asText(field(properties, "name")) || "untitled",
    description: asText(field(properties, "description")),
    parameters,
    outputs: { parameters: [], artifacts: [] },
    outputTypes: { parameters: {}, artifacts: {} },
    inputArtifacts: [],
    steps,
    comments,
    needs: problems.refuses() ? [] : fileNeeds(fileSteps, isAfter),
    changes,
    unknownFields: unknownFields(source.root, source.version),
  };
}

interface Reading {
  readonly defaults: Defaults;
  readonly dependencies: Dependencies;
  readonly around: Parameters<typeof readForeignNode>[1];
  readonly descriptions: ReadonlyMap<StepPath, string>;
  readonly places: ReadonlyMap<StepPath, { readonly x: number; readonly y: number }>;
}

function readStep(scoped: ScopedNode, { defaults, dependencies, around, descriptions, places }: Reading): Step | null {
  const operation = asText(field(scoped.node, "op"));
  const position = places.get(scoped.path);
  const description =
    descriptions.get(scoped.path) ?? asText(fieldAt(scoped.node, "app_data", "component_description"));
  const common = {
    path: scoped.path,
    key: scoped.id,
    parent: scoped.parent,
    dependsOn: dependencies.get(scoped.path) ?? [],
    trigger: "succeeded",
    cache: { enabled: false },
    interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
    parameters: [],
    artifacts: [],
    ...(description === "" ? {} : { description }),
    ...(position === undefined ? {} : { position }),
  } as const;
  const label = displayName(scoped.node);
  if (scoped.type === "super") {
    return { ...common, kind: "dag", name: label, body: { body: "group", outputParameters: [], outputArtifacts: [] } };
  }
  if (operation === "") {
    around.problems.error(
      "upload",
      "missing-operation",
      `node "${label}" (${scoped.at}.op)`,
      `The node "${label}" does not say what it does. Replace it in the pipeline editor.`,
      scoped.path,
    );
    return null;
  }
  if (!Object.hasOwn(GENERIC_OPERATIONS, operation)) {
    return { ...common, kind: "container", name: label, body: readForeignNode(scoped, around) };
  }
  const body = readGenericNode(scoped, defaults, around.parameters, around.problems);
  return body === null ? null : { ...common, kind: body.runner, name: genericName(label, body.file), body };
}

/** A node that is called as its file is shown without the extension, as in Elyra. */
function genericName(label: string, file: string): string {
  const base = baseName(file);
  const dot = base.lastIndexOf(".");
  return label === base && dot > 0 ? base.slice(0, dot) : label;
}
