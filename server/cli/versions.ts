/** Versions of a pipeline as people name them. */
import type { VersionView } from "@/server/domain/views/pipelines";
import type { Connection } from "./connection";
import { refused } from "./exit";

/** A version by its number, `latest`, or its id. Throws when the pipeline has none such. */
export async function versionOf(
  { api }: Connection,
  pipelineId: string,
  given: string | undefined,
): Promise<VersionView> {
  if (given === undefined || given === "latest") return api.pipelines.version.query({ id: pipelineId });
  if (/^\d{1,9}$/.test(given)) return api.pipelines.version.query({ id: pipelineId, number: Number(given) });
  const version = await api.pipelines.versionById.query({ versionId: given });
  if (version.pipeline?.id !== pipelineId) throw refused(`The version ${given} is of another pipeline.`);
  return version;
}
