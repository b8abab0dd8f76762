/** Brings a `.pipeline` document of version 0 to 7 to version 8, on a copy, and says in words what changed. */
import { asList, asObject, asText, field, isObject, type JsonObject } from "./json";
import {
  GENERIC_OPERATIONS,
  OPERATIONS_OF_VERSION_5,
  OPERATIONS_OF_VERSION_6,
  RENAMED_COMPONENT_FILES,
} from "./known-operations";
import { itemAsObject, LIST_PROPERTIES } from "./list-items";

export const CURRENT_VERSION = 8;

/** The parts of the copied document a step may change. */
interface Draft {
  readonly primary: JsonObject;
  /** App data of the primary pipeline. */
  readonly settings: JsonObject;
  readonly pipelines: readonly JsonObject[];
  readonly note: (what: string) => void;
}

/** Every step leads to the version of its number; a fractional version takes the steps above it. */
const STEPS: readonly { readonly to: number; readonly apply: (draft: Draft) => void }[] = [
  { to: 1, apply: renameEarlyFields },
  { to: 2, apply: keepBaseNames },
  { to: 4, apply: nestComponentParameters },
  { to: 5, apply: (draft) => renameOperations(draft, OPERATIONS_OF_VERSION_5) },
  { to: 6, apply: nameCatalogs },
  { to: 7, apply: wrapKubeflowValues },
  { to: 8, apply: useObjects },
];

/** Changes a copy of the document; `version` is the one it declares, `primaryIndex` where its entry pipeline stands. */
export function migrateDocument(
  document: JsonObject,
  primaryIndex: number,
  version: number,
): { readonly document: JsonObject; readonly changes: readonly string[] } {
  if (version >= CURRENT_VERSION) return { document, changes: [] };
  const copy = structuredClone(document);
  const pipelines = asList(copy.pipelines).filter(isObject);
  const primary = asObject(asList(copy.pipelines)[primaryIndex]);
  const settings = asObject(primary.app_data);
  const changes = [
    `Written as version ${version}, read as version ${CURRENT_VERSION}; the uploaded file stays as it is.`,
  ];
  for (const step of STEPS) {
    if (step.to <= version) continue;
    step.apply({ primary, settings, pipelines, note: (what) => changes.push(`To version ${step.to}: ${what}.`) });
  }
  if (Object.keys(asObject(settings.properties)).length === 0) {
    const name = asText(settings.name) || "untitled";
    settings.properties = { name, runtime: "Generic" };
    changes.push(`The pipeline had no properties; added the name "${name}" and the runtime "Generic".`);
  }
  settings.version = CURRENT_VERSION;
  return { document: copy, changes };
}

function rename(holder: JsonObject, from: string, to: string): boolean {
  const value = field(holder, from);
  if (value === undefined) return false;
  holder[to] = value;
  delete holder[from];
  return true;
}

function nodesOf(pipeline: JsonObject): readonly JsonObject[] {
  return asList(pipeline.nodes).filter(isObject);
}

function nodeName(node: JsonObject): string {
  const data = asObject(node.app_data);
  return asText(field(data.ui_data, "label")) || asText(data.label) || asText(node.id) || "a node";
}

const EARLY_NAMES: readonly (readonly [string, string])[] = [
  ["notebook", "filename"],
  ["artifact", "filename"],
  ["docker_image", "runtime_image"],
  ["image", "runtime_image"],
  ["vars", "env_vars"],
  ["file_dependencies", "dependencies"],
  ["recursive_dependencies", "include_subdirectories"],
];

function renameEarlyFields({ primary, settings, note }: Draft): void {
  if (rename(settings, "title", "name")) note("the pipeline's title became its name");
  for (const key of ["export", "export_format", "export_path"]) {
    if (!Object.hasOwn(settings, key)) continue;
    delete settings[key];
    note(`dropped ${key}`);
  }
  for (const node of nodesOf(primary)) {
    if (node.type === "pipeline_node") node.type = "execution_node";
    if (node.type !== "execution_node") continue;
    if (node.op !== "execute-notebook-node") {
      node.op = "execute-notebook-node";
      note(`"${nodeName(node)}" became a notebook node, the only kind there was`);
    }
    const data = asObject(node.app_data);
    const renamed = EARLY_NAMES.filter(([from, to]) => rename(data, from, to)).map(([from, to]) => `${from} to ${to}`);
    if (renamed.length > 0) note(`"${nodeName(node)}": renamed ${renamed.join(", ")}`);
  }
}

/** Before version 2 names started at Jupyter's root, which nobody knows any more. */
function keepBaseNames({ primary, note }: Draft): void {
  for (const node of nodesOf(primary)) {
    const data = asObject(node.app_data);
    const name = asText(data.filename);
    const base = name.slice(name.lastIndexOf("/") + 1);
    if (base === name) continue;
    data.filename = base;
    note(
      `"${nodeName(node)}" runs ${base} beside the pipeline (it named ${name}, relative to a folder the file does not tell)`,
    );
  }
}

function nestComponentParameters({ pipelines, note }: Draft): void {
  let moved = 0;
  for (const node of pipelines.flatMap(nodesOf)) {
    if (node.type !== "execution_node" || field(node.app_data, "component_parameters") !== undefined) continue;
    const { ui_data: display, ...parameters } = asObject(node.app_data);
    node.app_data = {
      component_parameters: parameters,
      label: asText(field(display, "label")),
      ui_data: asObject(display),
    };
    moved += 1;
  }
  if (moved > 0) note(`moved the settings of ${moved} ${moved === 1 ? "node" : "nodes"} into component_parameters`);
}

function renameOperations({ pipelines, note }: Draft, names: { readonly [operation: string]: string }): JsonObject[] {
  const renamed: JsonObject[] = [];
  for (const node of pipelines.flatMap(nodesOf)) {
    const old = asText(node.op);
    const now = Object.hasOwn(names, old) ? names[old] : undefined;
    if (now === undefined) continue;
    node.op = now;
    renamed.push(node);
    note(`"${nodeName(node)}": operation ${old} is now ${now}`);
  }
  return renamed;
}

const RUNTIME_TYPES: { readonly [runtime: string]: string } = { kfp: "KUBEFLOW_PIPELINES", airflow: "APACHE_AIRFLOW" };

function nameCatalogs(draft: Draft): void {
  const { settings, note } = draft;
  const runtime = field(settings, "runtime");
  if (runtime !== undefined) {
    delete settings.runtime;
    const type =
      typeof runtime === "string" && Object.hasOwn(RUNTIME_TYPES, runtime) ? RUNTIME_TYPES[runtime] : undefined;
    if (type !== undefined && settings.runtime_type === undefined) {
      settings.runtime_type = type;
      note(`runtime ${String(runtime)} is now the runtime type ${type}`);
    } else {
      note(`dropped the runtime ${JSON.stringify(runtime)}`);
    }
  }
  for (const node of renameOperations(draft, OPERATIONS_OF_VERSION_6)) {
    rebuildSource(node);
    if (settings.runtime_type === "APACHE_AIRFLOW") wrapValues(node);
  }
}

function rebuildSource(node: JsonObject): void {
  const data = asObject(node.app_data);
  const operation = asText(node.op);
  const source = asText(data.component_source);
  const base = source.slice(source.lastIndexOf("/") + 1);
  const file = base === "component.yaml" ? (RENAMED_COMPONENT_FILES[operation] ?? base) : base;
  data.component_source = JSON.stringify({
    catalog_type: operation.slice(0, operation.indexOf(":")),
    component_ref: { "component-id": file },
  });
}

const KNOWN_IDS = new Set(Object.values(OPERATIONS_OF_VERSION_6));

function wrapKubeflowValues({ settings, pipelines, note }: Draft): void {
  if (settings.runtime_type !== "KUBEFLOW_PIPELINES") return;
  for (const node of pipelines.flatMap(nodesOf)) {
    if (!KNOWN_IDS.has(asText(node.op))) continue;
    if (wrapValues(node)) note(`"${nodeName(node)}": values say which kind of control wrote them`);
  }
}

/** Settings that no component declares as an input, left behind by older editors. */
const STRAY_KEYS = new Set([
  "label",
  "image",
  "runtime_image",
  "component_source",
  "component_source_type",
  "component_description",
]);

const CONTROLS: { readonly [type: string]: string } = {
  string: "StringControl",
  number: "NumberControl",
  boolean: "BooleanControl",
};

function wrapValues(node: JsonObject): boolean {
  const parameters = asObject(field(node.app_data, "component_parameters"));
  let wrapped = false;
  for (const [key, value] of Object.entries(parameters)) {
    const control = CONTROLS[typeof value];
    if (control === undefined || STRAY_KEYS.has(key) || key.startsWith("output_")) continue;
    parameters[key] = { activeControl: control, [control]: value };
    wrapped = true;
  }
  return wrapped;
}

const WIDGETS: { readonly [control: string]: string } = {
  BooleanControl: "boolean",
  NumberControl: "number",
  NestedEnumControl: "inputpath",
  StringControl: "string",
};

function useObjects({ pipelines, note }: Draft): void {
  for (const pipeline of pipelines) {
    const defaults = asObject(field(field(pipeline.app_data, "properties"), "pipeline_defaults"));
    splitItems(defaults, "the pipeline's defaults", note);
    for (const node of nodesOf(pipeline)) {
      const parameters = asObject(field(node.app_data, "component_parameters"));
      const name = `"${nodeName(node)}"`;
      splitItems(parameters, name, note);
      if (Object.hasOwn(GENERIC_OPERATIONS, asText(node.op))) continue;
      let widgets = false;
      for (const [key, value] of Object.entries(parameters)) {
        const converted = isObject(value) ? asWidget(value) : null;
        if (converted === null) continue;
        parameters[key] = converted;
        widgets = true;
      }
      if (widgets) note(`${name}: values are written as widget and value`);
    }
  }
}

function asWidget(value: JsonObject): JsonObject | null {
  const control = field(value, "activeControl");
  if (typeof control === "string") {
    return {
      widget: Object.hasOwn(WIDGETS, control) ? (WIDGETS[control] ?? control) : control,
      value: field(value, control) ?? "",
    };
  }
  const isReference =
    Object.hasOwn(value, "value") && Object.hasOwn(value, "option") && !Object.hasOwn(value, "widget");
  return isReference ? { widget: "inputpath", value: { value: value.value ?? "", option: value.option ?? "" } } : null;
}

/** Item by item: texts are split, objects stay as they are, empty texts go. */
function splitItems(holder: JsonObject, where: string, note: (what: string) => void): void {
  for (const property of LIST_PROPERTIES) {
    const items = field(holder, property);
    if (!Array.isArray(items) || !items.some((item) => typeof item === "string")) continue;
    holder[property] = items.flatMap((item) =>
      typeof item === "string" ? (itemAsObject(property, item) ?? []) : [item],
    );
    const texts = items.filter((item) => typeof item === "string" && item.trim() !== "").length;
    if (texts > 0) note(`${where}: ${texts} ${texts === 1 ? "item" : "items"} of ${property} became objects`);
  }
}
