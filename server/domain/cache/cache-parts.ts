/** What the result of a step depends on, part by part: never ids, times or values of secrets. */
import type { ContainerBody, FileBody, JsonValue, Step } from "@/pipelines/graph";
import { isPlatformInput } from "@/pipelines/kfp/platform";
import { expandEnvironment } from "../kfp/environment";
import { mappedImage, type ProfileSettings } from "../profile";
import { type CacheParts, digestOf } from "./cache-key";

/** An artifact as a key knows it: by what it holds, not by who made it. */
export interface CachedArtifact {
  readonly type: string;
  /** Digest of its content; null where it has none or lies elsewhere. */
  readonly digest: string | null;
  /** Where a remote one lies; null for one of the data directory. */
  readonly location: string | null;
  readonly metadata: { readonly [key: string]: JsonValue };
}

/** Something a step is given by name: a secret, a config map, a volume. */
export interface NamedSource {
  /** What it becomes: `environment TOKEN`, `mount /data`. */
  readonly part: string;
  readonly name: string;
  /** Version id of a secret's value, never the value; null for a volume and for a value that is not there. */
  readonly version: string | null;
}

/** Everything outside the step itself that its result depends on. */
export interface CacheFacts {
  /** Resolved inputs, defaults included, the placeholders of constants filled. */
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly artifacts: { readonly [name: string]: readonly CachedArtifact[] };
  readonly profile: Pick<ProfileSettings, "environment" | "executor" | "imageMap" | "python" | "workingDirectory">;
  readonly named: readonly NamedSource[];
  /** For a file step: digests of the bundle files that it is given, by path. */
  readonly files: { readonly [path: string]: string };
  /** For a file step: digests of what the steps before it declared and left, by path. */
  readonly upstream: { readonly [path: string]: string | null };
}

type Parts = { [part: string]: string };

/** What a step brings along itself, worked out once: loops ask again for every iteration. */
const fixed = new WeakMap<Step, CacheParts>();

/** The parts of a step's key. Ask only for steps without an obstacle. */
export function cacheParts(step: Step, facts: CacheFacts): CacheParts {
  const { body, cache } = step;
  if (body.body === "container" && cache.key !== undefined && cache.key !== "")
    return { component: digestOf(body.component), "custom cache key": digestOf(cache.key) };
  const own = fixed.get(step) ?? ownParts(step);
  fixed.set(step, own);
  const parts: Parts = { ...own, ...given(facts) };
  if (body.body === "container") addContainer(parts, body, facts);
  if (body.body === "file") addFile(parts, body, facts);
  return parts;
}

function ownParts({ interface: declared, body }: Step): CacheParts {
  const outputs = {
    parameters: Object.fromEntries(declared.outputParameters.map(({ name, type }) => [name, type])),
    artifacts: Object.fromEntries(
      declared.outputArtifacts.map(({ name, type, isList, metadata }) => [
        name,
        { type, isList: isList ?? false, metadata: metadata ?? {} },
      ]),
    ),
  };
  if (body.body === "container")
    return { command: digestOf([body.command, body.args]), outputs: digestOf(outputs), ...environment(body.env) };
  if (body.body !== "file") return { outputs: digestOf(outputs) };
  const { runner, file, env } = body;
  return {
    command: digestOf([runner, file]),
    outputs: digestOf([...body.outputs].sort()),
    ...environment(env.filter(({ value }) => value !== "")),
  };
}

function environment(env: readonly { readonly name: string; readonly value: string }[]): CacheParts {
  const expanded = [...expandEnvironment(env, new Map())];
  return Object.fromEntries(expanded.map(([name, value]) => [`environment ${name}`, digestOf(value)]));
}

function given({ parameters, artifacts, profile, named }: CacheFacts): CacheParts {
  const parts: Parts = {};
  for (const [name, value] of Object.entries(parameters))
    if (!isPlatformInput(name)) parts[`input ${name}`] = digestOf(value);
  for (const [name, list] of Object.entries(artifacts)) parts[`artifact ${name}`] = digestOf(list);
  for (const [name, value] of Object.entries(profile.environment)) parts[`profile ${name}`] = digestOf(value);
  if (profile.workingDirectory !== null) parts.folder = digestOf(profile.workingDirectory);
  for (const { part, name, version } of named) parts[part] = digestOf([parts[part], name, version]);
  return parts;
}

/** Whether a command starts Python, so that the profile's interpreter takes part in its result. */
const startsPython = ({ command }: ContainerBody): boolean => command.some((word) => /\bpython3?\b/.test(word));

function addContainer(parts: Parts, body: ContainerBody, { profile }: CacheFacts): void {
  parts.image = digestOf(mappedImage(body.image, profile));
  if (profile.executor !== "process") parts.executor = digestOf(profile.executor);
  else if (startsPython(body)) parts.python = digestOf(profile.python);
}

function addFile(parts: Parts, body: FileBody, { profile, files, upstream }: CacheFacts): void {
  parts.image = digestOf(body.image === null ? null : mappedImage(body.image, profile));
  if (profile.executor !== "process") parts.executor = digestOf(profile.executor);
  else if (body.runner !== "r") parts.python = digestOf(profile.python);
  for (const [path, digest] of Object.entries(files)) parts[`file ${path}`] = digest;
  for (const [path, digest] of Object.entries(upstream)) parts[`upstream ${path}`] = digestOf(digest);
}
