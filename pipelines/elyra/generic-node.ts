/** A generic node of a `.pipeline` (notebook, Python or R script) as a step's file body. */
import type { FileBody, ParameterSpec } from "../graph";
import { asList, asText, field, isObject, type JsonObject } from "./json";
import { GENERIC_OPERATIONS, type Runner } from "./known-operations";
import { baseName, folderOf, joinPath, readPattern } from "./paths";
import type { ProblemList } from "./problems";
import { mergePodSettings, readPodSettings, readSizes } from "./resources";
import { displayName, type ScopedNode } from "./scopes";
import {
  isTrue,
  mergeByKey,
  type Owner,
  readSecrets,
  readVariables,
  readVolumes,
  type SecretVariable,
  type Variable,
  type Volume,
} from "./settings";

/** Pipeline defaults that reach generic nodes, read and checked once. */
export interface Defaults {
  readonly image: string;
  readonly variables: readonly Variable[];
  readonly secrets: readonly SecretVariable[];
  readonly volumes: readonly Volume[];
  readonly pod: ReturnType<typeof readPodSettings>;
  /** Whether results of custom nodes may be reused. */
  readonly isCached: boolean;
}

/** Reads `pipeline_defaults`; `at` is its JSON path. */
export function readDefaults(holder: JsonObject, at: string, problems: ProblemList): Defaults {
  const owner: Owner = { at, name: "pipeline defaults", problems };
  return {
    image: scalarText(holder, "runtime_image"),
    variables: readVariables(holder, owner),
    secrets: readSecrets(holder, owner),
    volumes: readVolumes(holder, owner),
    pod: readPodSettings(holder, owner),
    isCached: !isTrue(field(holder, "disable_node_caching")),
  };
}

/** Elyra reads the text `None` as unset. */
function scalarText(holder: JsonObject, key: string): string {
  const text = asText(field(holder, key)).trim();
  return text === "None" ? "" : text;
}

/** Null when the node cannot be a step at all; the problems say why. */
export function readGenericNode(
  scoped: ScopedNode,
  defaults: Defaults,
  parameters: readonly ParameterSpec[],
  problems: ProblemList,
): FileBody | null {
  const name = displayName(scoped.node);
  const at = `${scoped.at}.app_data.component_parameters`;
  const own = field(field(scoped.node, "app_data"), "component_parameters");
  if (!isObject(own)) {
    problems.error(
      "upload",
      "missing-component-parameters",
      at,
      `The node "${name}" has no settings. Open it in the pipeline editor and save it again.`,
      scoped.path,
    );
    return null;
  }
  const owner: Owner = { at, name: `node "${name}"`, step: scoped.path, problems };
  const file = readFile(own, owner);
  if (file === null) return null;

  const secrets = mergeByKey(defaults.secrets, readSecrets(own, owner), (secret) => secret.env);
  const secretNames = new Set(secrets.map((secret) => secret.env));
  const env = mergeByKey(defaults.variables, readVariables(own, owner), (variable) => variable.name).filter(
    (variable) => !secretNames.has(variable.name),
  );
  const taken = new Set([...secretNames, ...env.map((variable) => variable.name)]);
  const resources = mergePodSettings(defaults.pod, { ...readSizes(own, owner), ...readPodSettings(own, owner) });
  return {
    body: "file",
    runner: readRunner(file, asText(field(scoped.node, "op")), owner),
    file,
    image: readImage(own, defaults, owner),
    dependencies: readPaths(own, "dependencies", folderOf(file), owner),
    includeSubdirectories: isTrue(field(own, "include_subdirectories")),
    outputs: readPaths(own, "outputs", folderOf(file), owner),
    env,
    parameterEnv: readParameterNames(own, parameters, owner).filter((parameter) => !taken.has(parameter)),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    secrets,
    volumes: mergeByKey(defaults.volumes, readVolumes(own, owner), (volume) => volume.path),
  };
}

function readFile(own: JsonObject, owner: Owner): string | null {
  const written = scalarText(own, "filename");
  const place = `${owner.name}, filename (${owner.at}.filename)`;
  if (written === "") {
    owner.problems.error(
      "upload",
      "missing-filename",
      place,
      "The node names no file. Choose its notebook or script in the pipeline editor.",
      owner.step,
    );
    return null;
  }
  const file = joinPath("", written);
  if (file === null || file === "" || file.split("/").at(-1) === "..") {
    owner.problems.error(
      "upload",
      "path-outside-bundle",
      place,
      `The file "${written}" is not given relative to the pipeline. Move it beside the pipeline and name it from there.`,
      owner.step,
    );
    return null;
  }
  return file;
}

const EXTENSIONS: { readonly [extension: string]: Runner } = { ipynb: "notebook", py: "python", r: "r" };
const RUNNER_NAMES: { readonly [runner in Runner]: string } = {
  notebook: "a notebook",
  python: "a Python script",
  r: "an R script",
};

/** The file's real extension decides; the operation only where the extension says nothing. */
function readRunner(file: string, operation: string, owner: Owner): Runner {
  const base = baseName(file);
  const dot = base.lastIndexOf(".");
  const extension = dot < 0 ? "" : base.slice(dot + 1).toLowerCase();
  const byFile = Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
  const byOperation = GENERIC_OPERATIONS[operation] ?? "notebook";
  if (byFile === byOperation) return byFile;
  const message =
    byFile === undefined
      ? `The name "${base}" does not say what it is; it is run as ${RUNNER_NAMES[byOperation]}, as the node's operation ${operation} says. Give it the extension .ipynb, .py or .r.`
      : `The node's operation is ${operation}, but "${base}" is ${RUNNER_NAMES[byFile]} and is run as one. Choose the matching node in the pipeline editor.`;
  owner.problems.warning(
    "operation-file-mismatch",
    `${owner.name}, filename (${owner.at}.filename)`,
    message,
    owner.step,
  );
  return byFile ?? byOperation;
}

function readImage(own: JsonObject, defaults: Defaults, owner: Owner): string | null {
  const image = scalarText(own, "runtime_image") || defaults.image;
  const place = `${owner.name}, runtime_image (${owner.at}.runtime_image)`;
  if (image === "") {
    owner.problems.error(
      "container",
      "missing-image",
      place,
      "The node names no image, nor do the pipeline's defaults. Choose one to run it in a container.",
      owner.step,
    );
    return null;
  }
  if (/\s/.test(image) || !/^[A-Za-z0-9][\w.:/@-]*$/.test(image)) {
    owner.problems.error(
      "container",
      "invalid-image",
      place,
      `"${image}" is no image name. Write it as [registry/]owner/image:tag, without spaces.`,
      owner.step,
    );
  }
  return image;
}

/** Dependencies or outputs, each relative to the folder of the node's file. */
function readPaths(own: JsonObject, property: string, folder: string, owner: Owner): readonly string[] {
  const paths = new Set<string>();
  for (const [index, entry] of asList(field(own, property)).entries()) {
    const text = asText(entry).trim();
    if (text === "") continue;
    const place = `${owner.name}, ${property}[${index}] (${owner.at}.${property}[${index}])`;
    if (text.includes(";")) {
      owner.problems.error(
        "container",
        "semicolon-in-name",
        place,
        `"${text}" holds a ";", which separates names inside a container. Rename the file.`,
        owner.step,
      );
    }
    if (readPattern(folder, text, false) !== null) paths.add(text);
    else if (property === "outputs") {
      owner.problems.warning(
        "output-outside-workspace",
        place,
        `The output "${text}" lies outside the run's workspace and is not collected. Write it relative to the node's file.`,
        owner.step,
      );
    } else {
      owner.problems.error(
        "upload",
        "path-outside-bundle",
        place,
        `"${text}" is not given relative to the node's file. Move it beside the pipeline and name it from there.`,
        owner.step,
      );
    }
  }
  return [...paths];
}

function readParameterNames(own: JsonObject, parameters: readonly ParameterSpec[], owner: Owner): readonly string[] {
  const names = new Set<string>();
  for (const [index, entry] of asList(field(own, "pipeline_parameters")).entries()) {
    const name = asText(entry).trim();
    if (name === "") continue;
    if (parameters.some((parameter) => parameter.name === name)) names.add(name);
    else {
      const place = `${owner.name}, pipeline_parameters[${index}] (${owner.at}.pipeline_parameters[${index}])`;
      owner.problems.error(
        "upload",
        "undefined-parameter",
        place,
        `The node uses the pipeline parameter "${name}", which the pipeline does not define. Define it, or take it off the node.`,
        owner.step,
      );
    }
  }
  return [...names];
}
