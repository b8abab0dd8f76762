/** Chooses how a step is launched; answers at once where nothing has to be built first. */
import { type AttemptRequest, StartRefusal } from "../contract";
import { type ContainedPlannerTools, planContained } from "./contained/planner";
import { runsInContainer } from "./contained/where";
import { type ContainerPlannerTools, planContainer } from "./container/planner";
import { type FilePlannerTools, planFile } from "./file/planner";
import { type ImportPlannerTools, planImport } from "./import-planner";
import type { AttemptPaths, LaunchPlan, Preparation } from "./plan";

export type PlannerTools = FilePlannerTools & ContainerPlannerTools & ImportPlannerTools & ContainedPlannerTools;

export type LaunchPlanner = (request: AttemptRequest, paths: AttemptPaths) => LaunchPlan | Preparation;

/** Makes the planner; it answers with a preparation only where an interpreter, an environment or a workspace is new. */
export function launchPlanner(tools: PlannerTools): LaunchPlanner {
  return (request, paths) => {
    if (runsInContainer(request)) return planContained(tools, request, paths);
    const { body } = request.step;
    switch (body.body) {
      case "container":
        return planContainer(tools, request, body, paths);
      case "file":
        return planFile(tools, request, body, paths);
      case "importer":
        return planImport(tools, request, body, paths);
      case "group":
      case "foreign":
        throw new StartRefusal({
          code: "unsupported",
          message: `A step of the kind ${request.step.kind} has no command that could be started.`,
          subject: request.step.path,
        });
    }
  };
}
