/** Launch plan of a lightweight Python component: its packages come from a cached environment, the rest runs as written. */
import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { ContainerBody } from "@/pipelines/graph";
import { type PythonWrapper, unwrapPython } from "@/server/domain/kfp/python-wrapper";
import type { EnvironmentRequest, PythonEnvironment } from "../../python/environments";
import type { Interpreter } from "../../python/interpreter";
import type { AttemptRequest } from "../contract";
import type { Environment } from "../environment";
import { type ContainerTools, executorInput, outputFolders, planOf } from "./container";
import { type AttemptPaths, type LaunchPlan, LONGEST_ARGUMENT } from "./plan";

const wrappers = new WeakMap<ContainerBody, PythonWrapper | "none">();

/** The wrapper of a component's command, null for any other command. Kept: the source may be long. */
export function wrapperOf(body: ContainerBody): PythonWrapper | null {
  const known = wrappers.get(body) ?? unwrapPython(body.command, body.args) ?? "none";
  wrappers.set(body, known);
  return known === "none" ? null : known;
}

/** The environment a component asks for; null where it installs nothing and runs on the interpreter itself. */
export function environmentOf(wrapper: PythonWrapper, interpreter: Interpreter): EnvironmentRequest | null {
  return wrapper.packages.length === 0 ? null : { interpreter, lines: wrapper.packages };
}

/** Plan of the component's rest, with `python3` from the environment or else the interpreter's own folder. */
export function lightweightPlan(
  request: AttemptRequest,
  body: ContainerBody,
  wrapper: PythonWrapper,
  python: PythonEnvironment | Interpreter,
  paths: AttemptPaths,
  tools: ContainerTools,
): LaunchPlan {
  const base = withPython(tools.base, python);
  const large = largeInputPlan(request, body, wrapper, paths, { ...tools, base });
  return large ?? planOf(request, body, wrapper.rest, paths, { ...tools, base });
}

/** Puts a Python first on the PATH. */
export function withPython(base: Environment, python: PythonEnvironment | Interpreter): Environment {
  const bin = "bin" in python ? python.bin : dirname(python.executable);
  const PATH = [bin, base.PATH].filter(Boolean).join(delimiter);
  return "bin" in python ? { ...base, PATH, VIRTUAL_ENV: python.directory } : { ...base, PATH };
}

/** Calls the SDK's runtime as the wrapper would, but takes the input, too long for an argument, from a file. */
const LAUNCHER = [
  "import runpy, sys",
  "module, source, given, function = sys.argv[1:5]",
  "text = open(given, encoding='utf-8').read()",
  "sys.argv = [module, '--component_module_path', source, '--executor_input', text, '--function_to_execute', function]",
  "runpy.run_module(module, run_name='__main__', alter_sys=True)",
].join("\n");

/** The shape of what remains of a wrapper: a shell, its script, the source, and the runtime's arguments. */
function runtimeCall(rest: readonly string[]) {
  const [, , script = "", source = "", ...args] = rest;
  const module = /python3 -m (kfp\.(?:dsl|components)\.executor_main)\b/.exec(script)?.[1];
  const at = args.indexOf("--function_to_execute");
  const functionName = args[at + 1];
  const hasInput = args.includes("--executor_input") && args.includes("{{$}}");
  if (module === undefined || at === -1 || functionName === undefined || !hasInput) return null;
  return { module, source, functionName };
}

function largeInputPlan(
  request: AttemptRequest,
  body: ContainerBody,
  wrapper: PythonWrapper,
  paths: AttemptPaths,
  tools: ContainerTools,
): LaunchPlan | null {
  const call = runtimeCall(wrapper.rest);
  if (call === null) return null;
  const { input, remarks } = executorInput(request, paths, tools.root);
  const given = JSON.stringify(input);
  if (Math.max(Buffer.byteLength(given), Buffer.byteLength(call.source)) < LONGEST_ARGUMENT) return null;
  const files = { source: join(paths.directory, "ephemeral_component.py"), given: join(paths.directory, "input.json") };
  writeFileSync(files.source, call.source, { mode: 0o600 });
  writeFileSync(files.given, given, { mode: 0o600 });
  const words = ["python3", "-c", LAUNCHER, call.module, files.source, files.given, call.functionName];
  const plan = planOf(request, body, words, paths, { ...tools, base: { ...tools.base, _KFP_RUNTIME: "true" } });
  return { ...plan, folders: outputFolders(input, [paths.out], paths), remarks };
}
