/** Chooses how a file step is launched: its files are laid out first, by the run's file mode, then its interpreter is found. */
import type { FileBody } from "@/pipelines/graph";
import type { DataDir } from "@/server/platform/data-dir";
import type { PythonEnvironment } from "../../../python/environments";
import type { Interpreter } from "../../../python/interpreter";
import type { AttemptRequest, Vault } from "../../contract";
import { type Environment, stepEnvironment } from "../../environment";
import type { AttemptPaths, LaunchPlan, Preparation } from "../plan";
import { type InterpreterTools, interpreterName, withInterpreter } from "../with-interpreter";
import { filePlan } from "./command";
import { secretVariables } from "./environment";
import { layOut } from "./isolated";
import { fileSite } from "./site";
import type { Workspaces } from "./workspace";

export interface FilePlannerTools extends InterpreterTools {
  readonly allowed: Environment;
  readonly workspaces: Workspaces;
  readonly vault: Vault;
  readonly dataDir: DataDir;
  /** Absolute path of pipelines/runtime/run_notebook.py. */
  readonly notebookHelper: string;
}

/** What runs notebooks; kept apart from the environments of the notebooks themselves. */
const NOTEBOOK_PACKAGES = [["nbclient", "nbformat", "ipykernel"]];

/** The plan of a file step, at once where its workspace, interpreter and environment are there. */
export function planFile(
  tools: FilePlannerTools,
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const { run } = request;
  const site = fileSite(request, body, paths, tools.dataDir);
  const secrets = secretVariables(body, tools.vault);
  const base = stepEnvironment(request, paths.directory, tools.allowed);
  const plan = (interpreter: Interpreter | null, environment: PythonEnvironment | null): LaunchPlan => {
    const notebook = environment === null ? null : { environment, helper: tools.notebookHelper };
    return filePlan(request, body, paths, { site, interpreter, notebook, base, secrets });
  };
  const here = (): LaunchPlan | Preparation => {
    if (body.runner === "r") return plan(null, null);
    const lines = body.runner === "notebook" ? NOTEBOOK_PACKAGES : null;
    const wanted = (interpreter: Interpreter) => (lines === null ? null : { interpreter, lines });
    return withInterpreter(tools, interpreterName(tools, request), wanted, plan);
  };
  if (run.fileMode === "shared" && tools.workspaces.ready(run) !== null) return here();
  return async (waiter) => {
    if (run.fileMode === "isolated") await layOut(request, body, site, paths, tools.dataDir);
    else await tools.workspaces.obtain(run, waiter.say);
    const planned = here();
    return typeof planned === "function" ? planned(waiter) : planned;
  };
}
