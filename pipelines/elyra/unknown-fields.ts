/** Lists the fields of a `.pipeline` that nothing here reads, so that none is dropped in silence. */
import type { JsonValue } from "../graph";
import { asList, asText, field, fieldAt, isObject } from "./json";
import { GENERIC_OPERATIONS } from "./known-operations";

/** Longer lists say no more than their beginning. */
const MOST_FIELDS = 200;

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const ROOT = words("doc_type version json_schema id primary_pipeline pipelines schemas");
const PIPELINE = words("id nodes app_data runtime_ref name zoom description");
const SETTINGS = words(
  "version ui_data runtime_type runtime runtime_config name source properties export export_format export_path title",
);
const PROPERTIES = words(
  "name runtime description pipeline_defaults pipeline_parameters cos_object_prefix runtime_type",
);
const DEFAULTS = words(
  "runtime_image env_vars kubernetes_secrets mounted_volumes kubernetes_pod_annotations kubernetes_pod_labels kubernetes_tolerations kubernetes_shared_mem_size disable_node_caching cos_object_prefix",
);
const PARAMETER = words("name description default_value value required");
const NODE = words("id type op inputs outputs app_data subflow_ref parameters");
const NODE_DATA = words("component_parameters label ui_data component_source component_description");
const GENERIC = words(
  "filename runtime_image dependencies include_subdirectories outputs inputs env_vars pipeline_parameters cpu cpu_limit memory memory_limit gpu gpu_vendor kubernetes_secrets mounted_volumes kubernetes_pod_annotations kubernetes_pod_labels kubernetes_tolerations kubernetes_shared_mem_size",
);

/** JSON paths of unknown fields, in file order; read from the text as it came, before any migration. */
export function unknownFields(document: JsonValue, version: number): readonly string[] {
  const found: string[] = [];
  function look(value: JsonValue | undefined, known: ReadonlySet<string>, at: string): void {
    if (!isObject(value) || found.length >= MOST_FIELDS) return;
    for (const key of Object.keys(value)) {
      if (!known.has(key)) found.push(at === "" ? key : `${at}.${key}`);
    }
  }

  look(document, ROOT, "");
  for (const [index, pipeline] of asList(field(document, "pipelines")).entries()) {
    const at = `pipelines[${index}]`;
    look(pipeline, PIPELINE, at);
    look(field(pipeline, "app_data"), SETTINGS, `${at}.app_data`);
    const properties = fieldAt(pipeline, "app_data", "properties");
    look(properties, PROPERTIES, `${at}.app_data.properties`);
    look(field(properties, "pipeline_defaults"), DEFAULTS, `${at}.app_data.properties.pipeline_defaults`);
    for (const [position, parameter] of asList(field(properties, "pipeline_parameters")).entries()) {
      look(parameter, PARAMETER, `${at}.app_data.properties.pipeline_parameters[${position}]`);
    }
    for (const [position, node] of asList(field(pipeline, "nodes")).entries()) {
      const place = `${at}.nodes[${position}]`;
      look(node, NODE, place);
      // Until version 4 a node's settings stood flat in its app_data, under names the migration knows.
      if (version < 4) continue;
      look(field(node, "app_data"), NODE_DATA, `${place}.app_data`);
      if (!Object.hasOwn(GENERIC_OPERATIONS, asText(field(node, "op")))) continue;
      look(fieldAt(node, "app_data", "component_parameters"), GENERIC, `${place}.app_data.component_parameters`);
    }
  }
  return found.slice(0, MOST_FIELDS);
}
