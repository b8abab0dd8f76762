/** What an artifact has to show besides its content: metrics, and remarks on what cannot be drawn. */
import { readClassification, readSlices } from "@/server/domain/display/classification";
import { isMetricsFile, isUiMetadata } from "@/server/domain/display/file-names";
import { readMetricsFile } from "@/server/domain/display/metrics-file";
import { readUiMetadata } from "@/server/domain/display/ui-metadata";
import type { Collected, ProducedArtifact } from "../contract";
import { readCapped } from "./measure";

type Metrics = Collected["metrics"];

/** Larger display files are kept as artifacts and not read. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Metrics of one artifact that become rows; all of them stay in its metadata. */
const MOST_METRICS = 1_000;

/** The metrics that an artifact stands for. What cannot be read of it is a warning, never a failure. */
export function shownArtifact(artifact: ProducedArtifact, warnings: string[]): Metrics {
  const { output, type, metadata } = artifact;
  const about = (problem: string): void => {
    warnings.push(`The output "${output}" is not shown whole. ${problem}`);
  };
  switch (type) {
    case "system.Metrics":
      return metadataMetrics(artifact, about);
    case "system.ClassificationMetrics":
      readClassification(metadata).problems.forEach(about);
      return [];
    case "system.SlicedClassificationMetrics":
      for (const slice of readSlices(metadata)) slice.problems.forEach(about);
      return [];
    default:
      return displayMetrics(output, artifact.path, about);
  }
}

/** The metrics of a display file, by its name; empty for any other file. */
export function displayMetrics(name: string, path: string | null, about: (problem: string) => void): Metrics {
  const isMetrics = isMetricsFile(name);
  if (path === null || !(isMetrics || isUiMetadata(name))) return [];
  const text = textOf(path);
  if (text === "too-large") about("It is larger than 16 MB.");
  if (text === null || text === "too-large") return [];
  const { problems, metrics } = isMetrics ? readMetricsFile(text.text) : { ...readUiMetadata(text.text), metrics: [] };
  problems.slice(0, 5).forEach(about);
  return metrics;
}

function textOf(path: string): { readonly text: string } | "too-large" | null {
  try {
    const bytes = readCapped(path, MOST_BYTES + 1);
    if (bytes === null) return null;
    return bytes.length > MOST_BYTES ? "too-large" : { text: bytes.toString("utf8") };
  } catch {
    return null;
  }
}

/** The numbers among the metadata of a metrics artifact. */
function metadataMetrics({ metadata }: ProducedArtifact, about: (problem: string) => void): Metrics {
  const numbers = Object.entries(metadata).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number" && Number.isFinite(entry[1]),
  );
  if (numbers.length > MOST_METRICS) about(`It holds ${numbers.length} metrics; the first ${MOST_METRICS} are listed.`);
  return numbers.slice(0, MOST_METRICS).map(([name, value]) => ({ name, value, format: "raw" }));
}
