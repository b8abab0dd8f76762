/** Outputs of a custom Elyra component: collected like Kubeflow's, but one that was asked for has to be there. */
import type { ContainerBody } from "@/pipelines/graph";
import type { AttemptRequest } from "../contract";
import type { AttemptPaths } from "../launch/plan";
import type { CollectTools, Gathered } from "./collect-tools";
import { collectKfpOutputs } from "./kfp-outputs";

const PLACES = ["parameters", "artifacts"] as const;

/** Collects the outputs; one whose place stands in the command line and that was not written fails the step. */
export async function collectComponentOutputs(
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
  tools: CollectTools,
): Promise<Gathered> {
  const gathered = await collectKfpOutputs(request, paths, tools);
  if (!gathered.ok) return gathered;
  const { collected } = gathered;
  const written = new Set([
    ...Object.keys(collected.parameters),
    ...collected.artifacts.filter(({ digest }) => digest !== null).map(({ output }) => output),
  ]);
  const words = [...body.command, ...body.args].join("\n");
  const { outputParameters, outputArtifacts } = request.step.interface;
  const missing = [...outputParameters, ...outputArtifacts]
    .map(({ name }) => name)
    .filter((name) => !written.has(name) && PLACES.some((kind) => words.includes(`outputs.${kind}['${name}']`)));
  const [first] = missing;
  if (first === undefined) return gathered;
  const message = `The step ended well but did not write its output${missing.length > 1 ? "s" : ""} ${missing.join(", ")}. Look at its log, and at what the component does with the place it is given.`;
  return { ok: false, reason: { code: "bad-output", message, subject: first }, collected };
}
