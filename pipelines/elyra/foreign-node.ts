/** Airflow operators and custom components of a `.pipeline`: drawn with their values, refused when run. */
import type { ForeignBody, JsonValue, ParameterSpec, StepPath } from "../graph";
import { readJson } from "../text/json";
import type { Defaults } from "./generic-node";
import { asObject, asText, field, fieldAt, isObject, isUnset, type JsonObject } from "./json";
import { customOperation } from "./known-operations";
import { findNode } from "./links";
import { LIST_PROPERTIES } from "./list-items";
import { baseName } from "./paths";
import type { ProblemList } from "./problems";
import { mergePodSettings, readPodSettings } from "./resources";
import { displayName, type ScopedNode, type Scopes } from "./scopes";
import { isTrue, mergeByKey, type Owner, readVolumes } from "./settings";
import type { RunsAfter } from "./upstream";

interface InputReference {
  readonly input: string;
  readonly node: string;
  readonly output: string;
  readonly place: string;
}

/** What a foreign node needs to know of the rest of the document. */
export interface Surroundings {
  readonly scopes: Scopes;
  readonly isAfter: RunsAfter;
  readonly parameters: readonly ParameterSpec[];
  readonly runtimeType: string;
  readonly defaults: Defaults;
  readonly problems: ProblemList;
}

/** Reads the node and says why it cannot be run. */
export function readForeignNode(scoped: ScopedNode, around: Surroundings): ForeignBody {
  const { problems } = around;
  const name = displayName(scoped.node);
  const data = field(scoped.node, "app_data");
  const settings = field(data, "component_parameters");
  if (!isObject(settings)) {
    problems.error(
      "upload",
      "missing-component-parameters",
      `node "${name}" (${scoped.at}.app_data.component_parameters)`,
      `The node "${name}" has no settings. Open it in the pipeline editor and save it again.`,
      scoped.path,
    );
  }
  const values: { [key: string]: JsonValue } = {};
  const references: InputReference[] = [];
  for (const [key, value] of Object.entries(isObject(settings) ? settings : {})) {
    const place = `node "${name}", ${key} (${scoped.at}.app_data.component_parameters.${key})`;
    values[key] = readValue(key, value, place, scoped, around, references);
  }
  const inputs = references.flatMap((reference) => {
    const producer = checkReference(reference, scoped, around);
    const { input, output } = reference;
    return producer === null ? [] : [{ input: input.replace(/^elyra_/, ""), producer, output }];
  });
  const operation = asText(field(scoped.node, "op"));
  const body: ForeignBody = { body: "foreign", what: explain(scoped, name, around), values };
  if (customOperation(operation, around.runtimeType).custom !== "component") return body;
  const sources = componentSources(field(data, "component_source"));
  return { ...body, component: { operation, sources, inputs, ...containerSettings(scoped, settings, around) } };
}

/** What reaches custom nodes of the pipeline's defaults, merged with the node's own. */
function containerSettings(scoped: ScopedNode, own: JsonValue | undefined, { defaults, problems }: Surroundings) {
  // A component may have inputs of these names and any type: then they are none of ours.
  const isOurs = (value: JsonValue): boolean => Array.isArray(value) || (isObject(value) && value.widget === undefined);
  const kept = Object.entries(asObject(own)).filter(([key, value]) => !OWN_SHAPE.has(key) || isOurs(value));
  const holder = Object.fromEntries(kept);
  const at = `${scoped.at}.app_data.component_parameters`;
  const owner: Owner = { at, name: `node "${displayName(scoped.node)}"`, step: scoped.path, problems };
  const volumes = mergeByKey(defaults.volumes, readVolumes(holder, owner), (volume) => volume.path);
  const settings: JsonObject = { ...mergePodSettings(defaults.pod, readPodSettings(holder, owner)) };
  if (volumes.length > 0) settings.mounted_volumes = volumes.map((volume) => ({ ...volume }));
  const written = field(holder, "disable_node_caching");
  const switched = isObject(written) ? field(written, "value") : written;
  return { settings, isCached: isUnset(switched) ? defaults.isCached : !isTrue(switched) };
}

function explain(scoped: ScopedNode, name: string, { runtimeType, problems }: Surroundings): string {
  const operation = asText(field(scoped.node, "op"));
  const place = `node "${name}" (${scoped.at})`;
  const custom = customOperation(operation, runtimeType);
  if (custom.custom === "airflow") {
    problems.error(
      "run",
      "airflow-operator",
      place,
      `"${name}" is the Airflow operator ${custom.operator}, which only Airflow can run. Replace it by a notebook or a script to run this pipeline.`,
      scoped.path,
    );
    return `Airflow operator ${custom.operator}`;
  }
  if (custom.custom === "unknown") {
    problems.error(
      "run",
      "component-not-found",
      place,
      `"${name}" uses the component "${operation}", which is in no known catalog. Choose another component in the pipeline editor.`,
      scoped.path,
    );
    return `unknown component ${operation}`;
  }
  const component = componentName(field(field(scoped.node, "app_data"), "component_source")) || operation;
  problems.error(
    "run",
    "custom-component",
    place,
    `"${name}" is the custom component ${component}, which needs a container profile and its definition, which no pipeline file holds. Upload the definition with the pipeline, in its folder or below: where its program is on this machine, it runs without a container.`,
    scoped.path,
  );
  return `custom component ${component}`;
}

/** The source is JSON in a text since version 6, a path or URL before, an object in some files. */
function componentSources(source: JsonValue | undefined): readonly string[] {
  const parsed = typeof source === "string" && source.startsWith("{") ? readJson(source) : null;
  const reference = field(parsed?.ok === true ? parsed.value : source, "component_ref");
  const named =
    reference === undefined
      ? [parsed === null ? asText(source) : ""]
      : ["component-id", "path", "url"].map((key) => asText(field(reference, key)));
  return named.filter((text) => text !== "");
}

const componentName = (source: JsonValue | undefined): string => shortName(componentSources(source)[0] ?? "");

/** Most catalogs call the file itself `component.yaml`; the folder then says what it is. */
function shortName(source: string): string {
  const base = baseName(source);
  return base.startsWith("component") ? source.split("/").slice(-2).join("/") : base;
}

/** Settings of Elyra itself, which hold lists and objects of their own shape. */
const OWN_SHAPE = new Set([...LIST_PROPERTIES, "kubernetes_shared_mem_size"]);

function readValue(
  key: string,
  value: JsonValue,
  place: string,
  scoped: ScopedNode,
  around: Surroundings,
  references: InputReference[],
): JsonValue {
  if (value === "None") return null;
  if (!isObject(value) || OWN_SHAPE.has(key)) return value;
  const widget = field(value, "widget");
  const held = field(value, "value");
  if (typeof widget !== "string") {
    around.problems.error(
      "upload",
      "invalid-component-value",
      place,
      `The input "${key}" holds no value: it is an object without a widget. Set it in the pipeline editor.`,
      scoped.path,
    );
    return value;
  }
  if (widget === "parameter") checkParameter(asText(held), place, scoped, around);
  if (widget !== "inputpath") return { widget, value: held === "None" ? null : (held ?? null) };
  const node = field(held, "value");
  const option = field(held, "option");
  const extra = isObject(held) && Object.keys(held).some((name) => !["value", "option", "label"].includes(name));
  if (typeof node !== "string" || typeof option !== "string" || node === "" || extra) {
    around.problems.error(
      "upload",
      "invalid-input-path",
      place,
      `The input "${key}" does not say which node's output it takes. Choose the output in the pipeline editor.`,
      scoped.path,
    );
    return value;
  }
  const output = outputName(option);
  references.push({ input: key, node, output, place });
  return { widget, value: { value: node, option: output } };
}

/** Version 7 wrote `elyra_output_data`, version 8 `output_data`; both mean the output `data`. */
function outputName(option: string): string {
  return option.replace(/^elyra_/, "").replace(/^output_/, "");
}

function checkParameter(name: string, place: string, scoped: ScopedNode, { parameters, problems }: Surroundings): void {
  if (parameters.some((parameter) => parameter.name === name)) return;
  problems.error(
    "upload",
    "undefined-parameter",
    place,
    `The node uses the pipeline parameter "${name}", which the pipeline does not define. Define it, or choose another value.`,
    scoped.path,
  );
}

/** Path of the step that makes what is taken; null where there is none. */
function checkReference(reference: InputReference, scoped: ScopedNode, around: Surroundings): StepPath | null {
  const { problems, scopes, isAfter } = around;
  const producer = findNode(scopes, scoped, reference.node);
  if (producer === null) {
    problems.error(
      "upload",
      "input-not-upstream",
      reference.place,
      `The input "${reference.input}" takes an output of the node "${reference.node}", which does not exist. Choose another node's output.`,
      scoped.path,
    );
    return null;
  }
  if (!isAfter(scoped.path, new Set([producer.path]))) {
    problems.error(
      "upload",
      "input-not-upstream",
      reference.place,
      `The input "${reference.input}" takes an output of "${displayName(producer.node)}", which does not run before this node. Draw a link from it, or choose another output.`,
      scoped.path,
    );
  }
  const pushes = fieldAt(producer.node, "app_data", "component_parameters", "xcom_push");
  if (pushes === false || field(pushes, "value") === false) {
    problems.error(
      "run",
      "output-not-pushed",
      reference.place,
      `The input "${reference.input}" reads what "${displayName(producer.node)}" returns, but its xcom_push is off. Switch it on.`,
      scoped.path,
    );
  }
  return producer.path;
}
