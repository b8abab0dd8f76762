/** Chooses how a step is launched; answers at once where nothing has to be built first. */
import type { ContainerBody, FileBody } from "@/pipelines/graph";
import type { EnvironmentRequest, PythonEnvironment, PythonEnvironments } from "../../python/environments";
import type { Interpreter, Interpreters } from "../../python/interpreter";
import { type AttemptRequest, StartRefusal } from "../contract";
import { type Environment, stepEnvironment } from "../environment";
import { containerPlan } from "./container";
import { filePlan } from "./file";
import { environmentOf, lightweightPlan, withPython, wrapperOf } from "./lightweight-python";
import type { AttemptPaths, LaunchPlan, Preparation } from "./plan";
import type { Workspaces } from "./workspace";

export interface PlannerTools {
  /** Interpreter of profiles that name none. */
  readonly python: string;
  readonly allowed: Environment;
  readonly interpreters: Interpreters;
  readonly environments: PythonEnvironments;
  readonly workspaces: Workspaces;
  /** Absolute path of pipelines/runtime/run_notebook.py. */
  readonly notebookHelper: string;
  /** Folder of a run. */
  readonly runFolder: (runKey: number) => string;
}

export type LaunchPlanner = (request: AttemptRequest, paths: AttemptPaths) => LaunchPlan | Preparation;

/** What runs notebooks; kept apart from the environments of the notebooks themselves. */
const NOTEBOOK_PACKAGES = [["nbclient", "nbformat", "ipykernel"]];
/** Commands that mean the profile's interpreter. */
const PYTHON_NAME = /^python3?$/;

/** Makes the planner; it answers with a preparation only where an interpreter, an environment or a workspace is new. */
export function launchPlanner(tools: PlannerTools): LaunchPlanner {
  return (request, paths) => {
    const { body } = request.step;
    switch (body.body) {
      case "container":
        return forContainer(tools, request, body, paths);
      case "file":
        return forFile(tools, request, body, paths);
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

const interpreterName = ({ python }: PlannerTools, { run }: AttemptRequest): string => run.profile.python ?? python;

function forContainer(
  tools: PlannerTools,
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const base = stepEnvironment(request, paths.directory, tools.allowed);
  const common = { base, root: tools.runFolder(request.run.key) };
  const wrapper = wrapperOf(body);
  if (wrapper === null && !PYTHON_NAME.test(body.command[0] ?? "")) return containerPlan(request, body, paths, common);
  const finish = (interpreter: Interpreter, environment: PythonEnvironment | null): LaunchPlan =>
    wrapper === null
      ? containerPlan(request, body, paths, { ...common, base: withPython(base, interpreter) })
      : lightweightPlan(request, body, wrapper, environment ?? interpreter, paths, common);
  const wanted = (interpreter: Interpreter) => (wrapper === null ? null : environmentOf(wrapper, interpreter));
  return withInterpreter(tools, interpreterName(tools, request), wanted, finish);
}

function forFile(
  tools: PlannerTools,
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const { run } = request;
  const base = stepEnvironment(request, paths.directory, tools.allowed);
  const plan = (workspace: string, interpreter: Interpreter | null, environment: PythonEnvironment | null) => {
    const notebook = environment === null ? null : { environment, helper: tools.notebookHelper };
    return filePlan(request, body, paths, { workspace, interpreter, notebook, base });
  };
  const here = (workspace: string): LaunchPlan | Preparation => {
    if (body.runner === "r") return plan(workspace, null, null);
    const lines = body.runner === "notebook" ? NOTEBOOK_PACKAGES : null;
    const wanted = (interpreter: Interpreter) => (lines === null ? null : { interpreter, lines });
    return withInterpreter(tools, interpreterName(tools, request), wanted, (interpreter, environment) =>
      plan(workspace, interpreter, environment),
    );
  };
  const workspace = tools.workspaces.ready(run);
  if (workspace !== null) return here(workspace);
  return async (waiter) => {
    const planned = here(await tools.workspaces.obtain(run));
    return typeof planned === "function" ? planned(waiter) : planned;
  };
}

/** Finishes a plan at once where interpreter and environment are known and built, else prepares them. */
function withInterpreter(
  { interpreters, environments }: PlannerTools,
  command: string,
  wanted: (interpreter: Interpreter) => EnvironmentRequest | null,
  finish: (interpreter: Interpreter, environment: PythonEnvironment | null) => LaunchPlan,
): LaunchPlan | Preparation {
  const known = interpreters.known(command);
  const request = known === null ? null : wanted(known);
  const ready = request === null ? null : environments.ready(request);
  if (known !== null && (request === null || ready !== null)) return finish(known, ready);
  return async (waiter) => {
    const interpreter = await interpreters.find(command);
    const asked = wanted(interpreter);
    return finish(interpreter, asked === null ? null : await environments.obtain(asked, waiter));
  };
}
