/** Chooses how a step is launched; answers at once where nothing has to be built first. */
import type { FileBody } from "@/pipelines/graph";
import type { PythonEnvironments } from "../../python/environments";
import type { Interpreters } from "../../python/interpreter";
import { type AttemptRequest, StartRefusal } from "../contract";
import { type Environment, stepEnvironment } from "../environment";
import { containerPlan } from "./container";
import { scriptPlan } from "./file";
import type { AttemptPaths, LaunchPlan, Preparation } from "./plan";
import type { Workspaces } from "./workspace";

export interface PlannerTools {
  readonly python: string;
  readonly allowed: Environment;
  readonly interpreters: Interpreters;
  readonly environments: PythonEnvironments;
  readonly workspaces: Workspaces;
}

export type LaunchPlanner = (request: AttemptRequest, paths: AttemptPaths) => LaunchPlan | Preparation;

/** Makes the planner; it answers with a preparation only where an interpreter, an environment or a workspace is new. */
export function launchPlanner(tools: PlannerTools): LaunchPlanner {
  return (request, paths) => {
    const { body } = request.step;
    const base = stepEnvironment(request, paths.directory, tools.allowed);
    switch (body.body) {
      case "container":
        return containerPlan(request, body, paths, base);
      case "file":
        return filePlan(tools, request, body, paths, base);
      case "importer":
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

/** A plain answer where interpreter and workspace are there already. */
function filePlan(
  tools: PlannerTools,
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  base: Environment,
): LaunchPlan | Preparation {
  const { run } = request;
  const command = run.profile.python ?? tools.python;
  const workspace = tools.workspaces.ready(run);
  const interpreter = body.runner === "r" ? null : tools.interpreters.known(command);
  if (workspace !== null && (interpreter !== null || body.runner === "r")) {
    return scriptPlan(request, body, paths, { workspace, interpreter, base });
  }
  return async () =>
    scriptPlan(request, body, paths, {
      interpreter: body.runner === "r" ? null : await tools.interpreters.find(command),
      workspace: await tools.workspaces.obtain(run),
      base,
    });
}
