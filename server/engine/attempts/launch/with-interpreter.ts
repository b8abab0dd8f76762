/** Finishes a plan with its interpreter and environment: at once where both are known, else after they are found and built. */
import type { EnvironmentRequest, PythonEnvironment, PythonEnvironments } from "../../python/environments";
import type { Interpreter, Interpreters } from "../../python/interpreter";
import type { AttemptRequest } from "../contract";
import type { LaunchPlan, Preparation } from "./plan";

export interface InterpreterTools {
  /** Interpreter of profiles that name none. */
  readonly python: string;
  readonly interpreters: Interpreters;
  readonly environments: PythonEnvironments;
}

/** The interpreter of the run's profile, as written. */
export const interpreterName = ({ python }: InterpreterTools, { run }: AttemptRequest): string =>
  run.profile.python ?? python;

/** Finishes a plan at once where interpreter and environment are known and built, else prepares them. */
export function withInterpreter(
  { interpreters, environments }: InterpreterTools,
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
