/** Outputs of an importer: the copy its helper made, with the address it came from. */
import type { ImporterBody } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { AttemptRequest } from "../contract";
import { importedUri } from "../launch/import-planner";
import type { AttemptPaths } from "../launch/plan";
import type { CollectTools, Gathered } from "./collect-tools";
import { collectKfpOutputs } from "./kfp-outputs";

/** The artifact as it is kept: content and digest of the copy, the URI as the importer was given it. */
export async function collectImported(
  request: AttemptRequest,
  body: ImporterBody,
  paths: AttemptPaths,
  tools: CollectTools,
): Promise<Gathered> {
  const gathered = await collectKfpOutputs(request, paths, tools);
  if (!gathered.ok) return gathered;
  const uri = importedUri(request, body);
  const artifacts = gathered.collected.artifacts.map((artifact) => ({ ...artifact, uri }));
  return { ok: true, collected: { ...gathered.collected, artifacts } };
}

/** The last words of an importer's helper say all there is to say; its exit code is ours and tells nobody anything. */
export function importFailure(reason: Reason): Reason {
  return reason.code === "exit-code" ? { ...reason, message: reason.message.replace(/^Exit code \d+: /, "") } : reason;
}
