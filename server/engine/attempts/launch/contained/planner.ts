/** Chooses how a step is launched in a container. */
import { type AttemptRequest, StartRefusal } from "../../contract";
import type { AttemptPaths, LaunchPlan, Preparation } from "../plan";
import { type ContainedTools, planContainerStep } from "./container-step";
import { type ContainedFileTools, planFileStep } from "./file-step";

export type ContainedPlannerTools = Omit<ContainedTools & ContainedFileTools, "root">;

/** The plan of a step of which `runsInContainer` holds. */
export function planContained(
  tools: ContainedPlannerTools,
  request: AttemptRequest,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const { body } = request.step;
  const here = { ...tools, root: tools.dataDir.run(request.run.key) };
  if (body.body === "container") return planContainerStep(here, request, body, paths);
  if (body.body === "file") return planFileStep(here, request, body, paths);
  throw new StartRefusal({
    code: "unsupported",
    message: `A step of the kind ${request.step.kind} runs in no container.`,
    subject: request.step.path,
  });
}
