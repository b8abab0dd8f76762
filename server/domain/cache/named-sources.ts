/** What a step is given by name, for its key: secrets and config maps by the versions of their values, volumes by name. */
import type { JsonValue, Step } from "@/pipelines/graph";
import { mountedNames, nameInput, platformSettings, vaultVariables } from "@/pipelines/kfp/platform";
import type { NamedSource } from "./cache-parts";

/** Version ids of the values of a secret or config map by key; null when there is none of that name. */
export type VersionsOf = (name: string) => { readonly [key: string]: string } | null;

/** Settings of the platform document that put something into a step's file system. */
const MOUNTS: ReadonlySet<string> = new Set([
  "pvcMount",
  "secretAsVolume",
  "configMapAsVolume",
  "emptyDirMounts",
  "genericEphemeralVolume",
]);

const versionAt = (versions: ReturnType<VersionsOf>, key: string): string | null =>
  versions !== null && Object.hasOwn(versions, key) ? (versions[key] ?? null) : null;

/** The named sources of a step; `inputs` hold the names that come from elsewhere. */
export function namedSources(
  step: Step,
  inputs: { readonly [name: string]: JsonValue },
  versionsOf: VersionsOf,
): NamedSource[] {
  const { body } = step;
  if (body.body === "file") {
    const secrets = body.secrets.map(({ env, secret, key }) => ({
      part: `environment ${env}`,
      name: secret,
      version: versionAt(versionsOf(secret), key),
    }));
    const volumes = body.volumes.map(({ path, claim, subPath }) => ({
      part: `mount ${path}`,
      name: [claim, subPath].filter(Boolean).join("/"),
      version: null,
    }));
    return [...secrets, ...volumes];
  }
  if (body.body !== "container" || step.platform === undefined) return [];
  const variables = vaultVariables(step).flatMap(({ name, nameInput, variables: pairs }) => {
    const source = name ?? String(inputs[nameInput] ?? "");
    return pairs.map(({ env, key }) => ({
      part: `environment ${env}`,
      name: source,
      version: versionAt(versionsOf(source), key),
    }));
  });
  const mounted = mountedNames(step).map(({ setting, at, isKeyed, name }) => {
    const source = name ?? String(inputs[nameInput(setting, at)] ?? "");
    return { setting, held: [source, isKeyed ? versionsOf(source) : null] };
  });
  const mounts = platformSettings(step)
    .filter(([setting]) => MOUNTS.has(setting))
    .map(([setting, value]) => {
      const held = mounted.filter((one) => one.setting === setting).map((one) => one.held);
      const version = held.length === 0 ? null : JSON.stringify(held);
      return { part: "mounts", name: JSON.stringify([setting, value]), version };
    });
  return [...variables, ...mounts];
}
