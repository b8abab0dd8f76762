/** List settings of a node or of the pipeline's defaults: variables, secrets, volumes; read item by item and merged. */
import type { FileBody, JsonValue, StepPath } from "../graph";
import { field, isUnset, type JsonObject } from "./json";
import { itemAsObject, itemText } from "./list-items";
import type { ProblemList } from "./problems";

export type Variable = FileBody["env"][number];
export type SecretVariable = FileBody["secrets"][number];
export type Volume = FileBody["volumes"][number];

/** Where settings stand: their JSON path, whose they are in words, and the step when they are a step's. */
export interface Owner {
  readonly at: string;
  readonly name: string;
  readonly step?: StepPath;
  readonly problems: ProblemList;
}

/** The items of a list property as objects, each with its place; unset ones left out, wrong ones reported. */
export function readItems(
  holder: JsonObject,
  property: string,
  owner: Owner,
): readonly { item: JsonObject; place: string }[] {
  const value = field(holder, property);
  if (isUnset(value)) return [];
  const at = `${owner.name}, ${property} (${owner.at}.${property}`;
  if (!Array.isArray(value)) {
    const message = `${property} is not a list. Write a list of objects, or leave it out.`;
    owner.problems.error("upload", "invalid-list", `${at})`, message, owner.step);
    return [];
  }
  return value.flatMap((entry, index) => {
    const place = `${at}[${index}])`;
    const item = itemAsObject(property, entry);
    if (item === undefined) {
      owner.problems.error(
        "upload",
        "invalid-list",
        place,
        `${property} holds ${JSON.stringify(entry)}, which is neither a text nor an object. Delete it.`,
        owner.step,
      );
    }
    return item === undefined || item === null ? [] : [{ item, place }];
  });
}

/** Environment variables; a later one of the same name wins, one without a value is left out with a hint. */
export function readVariables(holder: JsonObject, owner: Owner): readonly Variable[] {
  const variables = new Map<string, string>();
  for (const { item, place } of readItems(holder, "env_vars", owner)) {
    const name = itemText(item, "env_var").trim();
    const value = itemText(item, "value");
    if (name === "") {
      owner.problems.error(
        "upload",
        "invalid-environment-variable",
        place,
        "An environment variable has no name. Name it, or delete it.",
        owner.step,
      );
    } else if (/[\s=\0]/.test(name)) {
      owner.problems.error(
        "upload",
        "invalid-environment-variable",
        place,
        `The environment variable "${name}" has a space or an equals sign in its name. Rename it.`,
        owner.step,
      );
    } else if (value === "") {
      owner.problems.hint(
        "empty-variable",
        place,
        `The environment variable "${name}" has no value and is not set, as in Elyra. Give it one if the step reads it.`,
        owner.step,
      );
    } else {
      variables.set(name, value);
    }
  }
  return [...variables].map(([name, value]) => ({ name, value }));
}

const RESOURCE_NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;
const SECRET_KEY = /^[-._a-zA-Z0-9]+$/;

/** Whether Kubernetes takes a text as the name of an object. */
function isResourceName(name: string): boolean {
  return name.length <= 253 && RESOURCE_NAME.test(name);
}

/** Secrets given as variables; an incomplete one can be given on no executor, a bad name only fails in Kubernetes. */
export function readSecrets(holder: JsonObject, owner: Owner): readonly SecretVariable[] {
  const secrets = new Map<string, SecretVariable>();
  for (const { item, place } of readItems(holder, "kubernetes_secrets", owner)) {
    const secret = {
      env: itemText(item, "env_var").trim(),
      secret: itemText(item, "name").trim(),
      key: itemText(item, "key").trim(),
    };
    if (secret.env === "" || secret.secret === "" || secret.key === "") {
      owner.problems.error(
        "run",
        "invalid-secret",
        place,
        "A secret lacks its variable, its name or its key. Fill in all three, or delete it.",
        owner.step,
      );
      continue;
    }
    if (!isResourceName(secret.secret)) {
      owner.problems.error(
        "container",
        "invalid-secret",
        place,
        `Kubernetes takes no secret called "${secret.secret}". Use lower-case letters, digits, "-" and ".".`,
        owner.step,
      );
    }
    if (secret.key.length > 253 || !SECRET_KEY.test(secret.key)) {
      owner.problems.error(
        "container",
        "invalid-secret",
        place,
        `Kubernetes takes no secret key "${secret.key}". Use letters, digits, "-", "_" and ".".`,
        owner.step,
      );
    }
    secrets.set(secret.env, secret);
  }
  return [...secrets.values()];
}

/** Mounted volumes; the mount path always begins with one `/`. */
export function readVolumes(holder: JsonObject, owner: Owner): readonly Volume[] {
  const volumes = new Map<string, Volume>();
  for (const { item, place } of readItems(holder, "mounted_volumes", owner)) {
    const written = itemText(item, "path")
      .trim()
      .replace(/^\/+|\/+$/g, "");
    const claim = itemText(item, "pvc_name").trim();
    const subPath = itemText(item, "sub_path").trim();
    if (written === "" && claim === "" && subPath === "") continue;
    if (written === "" || claim === "") {
      owner.problems.error(
        "container",
        "invalid-volume",
        place,
        "A volume lacks its mount path or its claim. Fill in both, or delete it.",
        owner.step,
      );
      continue;
    }
    if (!isResourceName(claim)) {
      owner.problems.error(
        "container",
        "invalid-volume",
        place,
        `Kubernetes takes no claim called "${claim}". Use lower-case letters, digits, "-" and ".".`,
        owner.step,
      );
    }
    if (subPath.startsWith("/")) {
      owner.problems.error(
        "container",
        "invalid-volume",
        place,
        `The sub-path "${subPath}" must be relative to the volume. Remove the leading "/".`,
        owner.step,
      );
    }
    const path = `/${written}`;
    const isReadOnly = isTrue(field(item, "read_only"));
    volumes.set(path, {
      path,
      claim,
      ...(subPath === "" ? {} : { subPath }),
      ...(isReadOnly ? { readOnly: true } : {}),
    });
  }
  return [...volumes.values()];
}

/** Truth as editors wrote it over the years: `true`, `"True"`, `"true"`. */
export function isTrue(value: JsonValue | undefined): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/** The defaults, then what the node adds; the node wins where both have the same key. */
export function mergeByKey<T>(defaults: readonly T[], own: readonly T[], key: (item: T) => string): readonly T[] {
  const ownKeys = new Set(own.map(key));
  return [...defaults.filter((item) => !ownKeys.has(key(item))), ...own];
}
