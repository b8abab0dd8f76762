/** Outputs of a Kubeflow step: its result file and parameter files, its artifacts and the metrics among them. */
import { lstatSync, realpathSync } from "node:fs";
import type { JsonValue } from "@/pipelines/graph";
import { buildExecutorInput, type RuntimeArtifact } from "@/server/domain/kfp/executor-input";
import { MAX_PARAMETER_BYTES, MAX_RESULT_BYTES, readStepOutputs } from "@/server/domain/kfp/result-file";
import type { AttemptRequest, Collected, ProducedArtifact } from "../contract";
import type { AttemptPaths } from "../launch/plan";
import type { CollectTools } from "./collect-tools";
import { confined } from "./confine";
import { readCapped } from "./measure";

/** Addresses that are kept without a look at their content. */
const REMOTE_SCHEMES = ["gs", "s3", "minio", "oci", "http", "https"];
const REMOTE = new RegExp(`^(?:${REMOTE_SCHEMES.join("|")}):`, "i");

export type KfpOutcome =
  | { readonly ok: true; readonly collected: Collected }
  | { readonly ok: false; readonly message: string };

/** Reads what the step left below its output folder; nothing that leads elsewhere is followed. */
export async function collectKfpOutputs(
  request: AttemptRequest,
  paths: AttemptPaths,
  tools: CollectTools,
): Promise<KfpOutcome> {
  const { step } = request;
  const { outputs } = buildExecutorInput({
    step,
    parameters: new Map(),
    artifacts: new Map(),
    outputDirectory: paths.out,
  });
  const warnings: string[] = [];
  const read = (path: string, limit: number): string | null => textBelow(paths.out, path, limit, warnings);
  const texts = Object.entries(outputs.parameters).flatMap(([name, { outputFile }]) => {
    const text = read(outputFile, MAX_PARAMETER_BYTES + 1);
    return text === null ? [] : [[name, text] as const];
  });
  const outcome = readStepOutputs({
    interface: step.interface,
    resultText: read(outputs.outputFile, MAX_RESULT_BYTES + 1),
    parameterTexts: new Map(texts),
    declaredUris: new Map(
      Object.entries(outputs.artifacts).map(([name, { artifacts }]) => [name, artifacts[0]?.uri ?? ""]),
    ),
    allowedRoots: [paths.out],
    remoteSchemes: REMOTE_SCHEMES,
  });
  if (!outcome.ok) return outcome;
  const artifacts: ProducedArtifact[] = [];
  for (const [output, list] of outcome.outputs.artifacts) {
    for (const [position, artifact] of list.entries()) {
      artifacts.push(await produced(output, position, artifact, paths, tools, warnings));
    }
  }
  return {
    ok: true,
    collected: {
      parameters: Object.fromEntries(outcome.outputs.parameters),
      artifacts,
      metrics: artifacts.flatMap(metricsOf),
      warnings: [...warnings, ...outcome.outputs.warnings],
    },
  };
}

/** The text of a file, at most `limit` bytes; null where there is none or it leads out of the folder. */
function textBelow(folder: string, path: string, limit: number, warnings: string[]): string | null {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  try {
    const real = confined(path, [folder]);
    const bytes = real === null ? null : readCapped(real, limit);
    if (bytes !== null) return bytes.toString("utf8");
  } catch (error) {
    warnings.push(`${path} could not be read: ${error instanceof Error ? error.message : error}`);
    return null;
  }
  warnings.push(`${path} is no file of the step's own output folder; it was not read.`);
  return null;
}

async function produced(
  output: string,
  position: number,
  { name, type, uri, customPath, metadata }: RuntimeArtifact,
  paths: AttemptPaths,
  tools: CollectTools,
  warnings: string[],
): Promise<ProducedArtifact> {
  const entry = { output, position, name, type, metadata, size: null, digest: null, isDirectory: false };
  const place = customPath ?? uri;
  if (REMOTE.test(place)) return { ...entry, path: null, uri: place };
  // Metrics have content only in their metadata; an artifact without a file is one nevertheless.
  if (lstatSync(place, { throwIfNoEntry: false }) === undefined) return { ...entry, path: place, uri: place };
  const real = confined(place, [paths.out]);
  const measured = real === null ? null : await tools.measure(real);
  if (real === null || measured === null) {
    warnings.push(
      `The artifact "${output}" is a link that leaves the step's output folder, or no file; it was not kept.`,
    );
    return { ...entry, path: null, uri: place };
  }
  if (measured.left.length > 0) {
    warnings.push(
      `Of the artifact "${output}" these were not kept, being links elsewhere or no files: ${measured.left.slice(0, 10).join(", ")}`,
    );
  }
  const path = paths.out + real.slice(realpathSync(paths.out).length);
  const { size, digest, isDirectory } = measured;
  return { ...entry, path, uri: path, size, digest, isDirectory };
}

/** The numbers of a metrics artifact. */
function metricsOf({ type, metadata }: ProducedArtifact): Collected["metrics"] {
  if (type !== "system.Metrics") return [];
  return Object.entries(metadata)
    .filter((entry): entry is [string, number] => isFiniteNumber(entry[1]))
    .map(([name, value]) => ({ name, value, format: "raw" }));
}

const isFiniteNumber = (value: JsonValue): boolean => typeof value === "number" && Number.isFinite(value);
