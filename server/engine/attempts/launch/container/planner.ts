/** Chooses how a Kubeflow container step is launched: as written, without its installing shell, or as a claim that is a folder. */
import type { ContainerBody } from "@/pipelines/graph";
import { isClaimStep } from "@/pipelines/kfp/support";
import type { DataDir } from "@/server/platform/data-dir";
import type { PythonEnvironment } from "../../../python/environments";
import type { Interpreter } from "../../../python/interpreter";
import type { AttemptRequest, Vault } from "../../contract";
import { type Environment, stepEnvironment } from "../../environment";
import type { AttemptPaths, LaunchPlan, Preparation } from "../plan";
import { type InterpreterTools, interpreterName, withInterpreter } from "../with-interpreter";
import { claimPlan } from "./claim";
import { containerPlan } from "./command";
import { environmentOf, withPython, wrapperOf } from "./lightweight-python";

export interface ContainerPlannerTools extends InterpreterTools {
  readonly allowed: Environment;
  readonly vault: Vault;
  readonly dataDir: DataDir;
}

/** Commands that mean the profile's interpreter. */
const PYTHON_NAME = /^python3?$/;

/** The plan of a container step, at once where its interpreter and environment are there. */
export function planContainer(
  tools: ContainerPlannerTools,
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const base = stepEnvironment(request, paths.directory, tools.allowed);
  const root = tools.dataDir.run(request.run.key);
  const common = { base, root, vault: tools.vault };
  if (isClaimStep(body.image)) return claimPlan(request, body, paths, common);
  const wrapper = wrapperOf(body);
  const words = wrapper?.rest ?? [...body.command, ...body.args];
  if (wrapper === null && !PYTHON_NAME.test(body.command[0] ?? "")) {
    return containerPlan(request, body, words, paths, common);
  }
  const finish = (interpreter: Interpreter, environment: PythonEnvironment | null): LaunchPlan =>
    containerPlan(request, body, words, paths, { ...common, base: withPython(base, environment ?? interpreter) });
  const wanted = (interpreter: Interpreter) => environmentOf(body, wrapper, interpreter);
  return withInterpreter(tools, interpreterName(tools, request), wanted, finish);
}
