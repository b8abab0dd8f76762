/** Python steps as the SDK wraps them: their packages come from a cached environment, the rest runs as written. */
import { delimiter, dirname } from "node:path";
import type { ContainerBody } from "@/pipelines/graph";
import { type PythonWrapper, unwrapPython } from "@/server/domain/kfp/python-wrapper";
import type { EnvironmentRequest, PythonEnvironment } from "../../../python/environments";
import type { Interpreter } from "../../../python/interpreter";
import type { Environment } from "../../environment";

const NO_WRAPPER: PythonWrapper | "none" = "none";
const wrappers = new WeakMap<ContainerBody, PythonWrapper | "none">();

/** The wrapper of a component's command, null for any other command. Kept: the source may be long. */
export function wrapperOf(body: ContainerBody): PythonWrapper | null {
  const known = wrappers.get(body) ?? unwrapPython(body.command, body.args) ?? NO_WRAPPER;
  wrappers.set(body, known);
  return known === "none" ? null : known;
}

/** What the SDK installs beside itself where it installs itself without its dependencies. */
const WITHOUT_DEPENDENCIES = ["--no-deps", 'typing-extensions>=3.7.4,<5; python_version<"3.9"'];
const INSTALLS_KFP = /^kfp(?:$|[\s=<>~!@[])/;

/**
 * The environment a step asks for; null where it installs nothing and runs on the interpreter itself. A component that
 * counts on its image for the SDK gets the one it was compiled with, unless the interpreter brings its own.
 */
export function environmentOf(
  { sdk, command }: ContainerBody,
  wrapper: PythonWrapper | null,
  interpreter: Interpreter,
): EnvironmentRequest | null {
  const written = wrapper?.packages ?? [];
  const installsKfp = written.flat().some((word) => INSTALLS_KFP.test(word));
  const lines = sdk === undefined || installsKfp || interpreter.hasKfp ? written : [...written, sdkLine(sdk, command)];
  return lines.length === 0 ? null : { interpreter, lines };
}

/** Without this mark the SDK's runtime imports the whole of it, with all that it depends on. */
function sdkLine(sdk: string, command: readonly string[]): string[] {
  const isLight = command.some((word) => word.includes("_KFP_RUNTIME=true"));
  return [`kfp==${sdk}`, ...(isLight ? WITHOUT_DEPENDENCIES : [])];
}

/** Puts a Python first on the PATH. */
export function withPython(base: Environment, python: PythonEnvironment | Interpreter): Environment {
  const bin = "bin" in python ? python.bin : dirname(python.executable);
  const PATH = [bin, base.PATH].filter(Boolean).join(delimiter);
  return "bin" in python ? { ...base, PATH, VIRTUAL_ENV: python.directory } : { ...base, PATH };
}
