/** Builds the ExecutorInput that a leaf task is started with: its resolved inputs and where its outputs go. */
import type { JsonValue, Step } from "@/pipelines/graph";

/** An artifact as a step sees it: `uri` is an absolute local path. */
export interface RuntimeArtifact {
  readonly name: string;
  /** Schema title such as `system.Dataset`. */
  readonly type: string;
  readonly uri: string;
  readonly metadata: { readonly [key: string]: JsonValue };
  readonly customPath?: string;
}

interface ArtifactEntry {
  readonly name: string;
  readonly type: { readonly schemaTitle: string; readonly schemaVersion: string };
  readonly uri: string;
  readonly metadata: { readonly [key: string]: JsonValue };
  readonly customPath?: string;
}

/** Kubeflow's message in its camelCase JSON form; the SDK's runtime reads exactly this. */
export interface ExecutorInput {
  readonly inputs: {
    readonly parameterValues: { readonly [name: string]: JsonValue };
    readonly artifacts: { readonly [name: string]: { readonly artifacts: readonly ArtifactEntry[] } };
  };
  readonly outputs: {
    readonly parameters: { readonly [name: string]: { readonly outputFile: string } };
    readonly artifacts: { readonly [name: string]: { readonly artifacts: readonly ArtifactEntry[] } };
    readonly outputFile: string;
  };
}

export interface ExecutorInputParts {
  readonly step: Pick<Step, "interface">;
  /** Resolved values, defaults included; an absent optional input is not in the map. */
  readonly parameters: ReadonlyMap<string, JsonValue>;
  /** Artifacts by input; an absent optional one is not in the map. */
  readonly artifacts: ReadonlyMap<string, readonly RuntimeArtifact[]>;
  /** Absolute path of a directory that this attempt alone writes to. */
  readonly outputDirectory: string;
}

const SCHEMA_VERSION = "0.0.1";
/** The SDK's own name for the result file; `dsl.get_uri()` takes its directory as the root of the task. */
const RESULT_FILE = "executor_output.json";

export function buildExecutorInput({
  step,
  parameters,
  artifacts,
  outputDirectory,
}: ExecutorInputParts): ExecutorInput {
  const { outputParameters, outputArtifacts } = step.interface;
  return {
    inputs: {
      parameterValues: Object.fromEntries(parameters),
      artifacts: Object.fromEntries(
        [...artifacts].map(([name, list]) => [name, { artifacts: list.map((artifact) => entry(artifact)) }]),
      ),
    },
    outputs: {
      parameters: Object.fromEntries(
        outputParameters.map(({ name }) => [name, { outputFile: `${outputDirectory}/parameters/${fileName(name)}` }]),
      ),
      artifacts: Object.fromEntries(
        outputArtifacts.map(({ name, type, metadata = {} }) => {
          const uri = `${outputDirectory}/artifacts/${fileName(name)}`;
          return [name, { artifacts: [entry({ name, type, uri, metadata })] }];
        }),
      ),
      outputFile: `${outputDirectory}/${RESULT_FILE}`,
    },
  };
}

function entry({ name, type, uri, metadata, customPath }: RuntimeArtifact): ArtifactEntry {
  return {
    name,
    type: { schemaTitle: type, schemaVersion: SCHEMA_VERSION },
    uri,
    metadata,
    ...(customPath === undefined ? {} : { customPath }),
  };
}

/** A file name made of an output's name: no separators, no dots alone, never longer than a file system takes. */
function fileName(name: string): string {
  const safe = encodeURIComponent(name).replace(/^\.+/, (dots) => "%2E".repeat(dots.length));
  return safe.length <= 200 ? safe : `${safe.slice(0, 180)}-${checksum(name)}`;
}

function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
