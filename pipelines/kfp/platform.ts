/** Reads what the Kubernetes platform document says of one executor: its settings by name, and the values it takes by reference. */
import type { JsonValue, ParameterBinding, ParameterSource, Step } from "../graph";
import { stepPath } from "../graph";
import { isObject } from "./message";

type JsonObject = { readonly [key: string]: JsonValue };
type PlatformOf = Pick<Step, "platform">;

/** Variables that a step takes from one secret or config map. */
export interface VaultVariables {
  readonly what: "secret" | "config map";
  /** The document's key: `secretAsEnv` or `configMapAsEnv`. */
  readonly setting: string;
  /** The group's name as written; null when it comes from an input or another step, or is not given. */
  readonly name: string | null;
  /** Input of the step that holds the name when it is not written. */
  readonly nameInput: string;
  readonly isOptional: boolean;
  readonly variables: readonly { readonly env: string; readonly key: string }[];
}

/** A variable that takes a field of the step's pod. */
export interface FieldVariable {
  readonly env: string;
  readonly fieldPath: string;
}

/** Inputs of this prefix are the platform document's own; a step's program is not given them. */
const PREFIX = "platform:";

const VAULT_SETTINGS = [
  { setting: "secretAsEnv", what: "secret", name: "secretName", key: "secretKey" },
  { setting: "configMapAsEnv", what: "config map", name: "configMapName", key: "configMapKey" },
] as const;

/** Settings that put something of a given name into the file system. */
const VOLUME_SETTINGS = [
  { setting: "pvcMount", name: "pvcName", isKeyed: false },
  { setting: "secretAsVolume", name: "secretName", isKeyed: true },
  { setting: "configMapAsVolume", name: "configMapName", isKeyed: true },
] as const;

/** Whether an input is one that the platform document takes. */
export const isPlatformInput = (name: string): boolean => name.startsWith(PREFIX);

/** The settings of a step under their camelCase names, those that say nothing left out. */
export function platformSettings({ platform }: PlatformOf): [string, JsonValue][] {
  return Object.entries(platform ?? {})
    .filter(([, value]) => saysSomething(value))
    .map(([key, value]) => [camelCase(key), value]);
}

/** The variables from secrets and config maps, in the order of the document. */
export function vaultVariables(step: PlatformOf): VaultVariables[] {
  return VAULT_SETTINGS.flatMap(({ setting, what, name, key }) =>
    entriesOf(step, setting).map((entry, at) => ({
      what,
      setting,
      name: writtenName(entry, name),
      nameInput: nameInput(setting, at),
      isOptional: entry.optional === true,
      variables: objects(field(entry, "keyToEnv")).flatMap((pair) => {
        const [env, from] = [text(field(pair, "envVar")), text(field(pair, key))];
        return env === null || from === null ? [] : [{ env, key: from }];
      }),
    })),
  );
}

/** What is mounted by name, in the order of the document; a name is null where an input brings it. */
export function mountedNames(step: PlatformOf) {
  return VOLUME_SETTINGS.flatMap(({ setting, name, isKeyed }) =>
    entriesOf(step, setting).map((entry, at) => ({
      setting,
      at,
      isKeyed,
      name: writtenName(entry, name),
      isOptional: entry.optional === true,
    })),
  );
}

/** The variables from fields of the pod. */
export function fieldVariables(step: PlatformOf): FieldVariable[] {
  return entriesOf(step, "fieldPathAsEnv").flatMap((entry) => {
    const [env, fieldPath] = [text(entry.name), text(field(entry, "fieldPath"))];
    return env === null || fieldPath === null ? [] : [{ env, fieldPath }];
  });
}

/** Labels and annotations that the step's pod would have. */
export function podMetadata({ platform }: PlatformOf): { labels: JsonObject; annotations: JsonObject } {
  const metadata = field(platform ?? {}, "podMetadata");
  const part = (name: string): JsonObject => {
    const value = isObject(metadata) ? metadata[name] : undefined;
    return isObject(value) ? value : {};
  };
  return { labels: part("labels"), annotations: part("annotations") };
}

/**
 * Inputs that bring the names which the document takes from the enclosing graph or from a step before. A step that is
 * not among `upstream` gives none: it need not be over when this one starts.
 */
export function platformBindings(
  step: PlatformOf,
  scope: readonly string[],
  upstream: readonly string[],
): ParameterBinding[] {
  return [...VAULT_SETTINGS, ...VOLUME_SETTINGS].flatMap(({ setting, name }) =>
    entriesOf(step, setting).flatMap((entry, at) => {
      const reference = field(entry, `${name}Parameter`);
      const source = isObject(reference) ? referredSource(reference, scope, upstream) : null;
      return source === null ? [] : [{ name: nameInput(setting, at), source }];
    }),
  );
}

/** The input that holds the name of a setting's entry which the document itself does not name. */
export const nameInput = (setting: string, at: number): string => `${PREFIX}${setting}.${at}`;

function referredSource(
  reference: JsonObject,
  scope: readonly string[],
  upstream: readonly string[],
): ParameterSource | null {
  const parent = text(field(reference, "componentInputParameter"));
  if (parent !== null) return { from: "parent", input: parent };
  const output = field(reference, "taskOutputParameter");
  if (!isObject(output)) return null;
  const [producer, key] = [text(field(output, "producerTask")), text(field(output, "outputParameterKey"))];
  if (producer === null || key === null || !upstream.includes(producer)) return null;
  return { from: "task", step: stepPath([...scope, producer]), output: key };
}

/** The name that stands in the document itself: a constant, or the plain text of older SDKs, over which the new form wins. */
export function writtenName(entry: JsonObject, name: string): string | null {
  const reference = field(entry, `${name}Parameter`);
  if (!isObject(reference)) return text(field(entry, name));
  const runtime = field(reference, "runtimeValue");
  return isObject(runtime) ? text(runtime.constant) : null;
}

function entriesOf({ platform }: PlatformOf, setting: string): JsonObject[] {
  return objects(field(platform ?? {}, setting));
}

/** The objects of a list. */
export function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A field by its camelCase name, also where the document has it in snake_case. */
export function field(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(object, snake) ? object[snake] : undefined;
}

const camelCase = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A text that says something. */
export const text = (value: JsonValue | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : null;

function saysSomething(value: JsonValue): boolean {
  if (value === null || value === false || value === "" || value === 0) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
