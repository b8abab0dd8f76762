/** Starts a lightweight Python component by our helper: without the SDK's shell, with source and input in files of any length. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programRoot } from "@/server/platform/root";
import type { ShortCommand } from "./long-arguments";

const HELPER = join(programRoot(), "pipelines", "runtime", "run_component.py");
const STARTS_RUNTIME = /(_KFP_RUNTIME=true\s+)?python3 -m (kfp\.(?:dsl|components))\.executor_main\b/;

/**
 * The command that runs the component, for the SDK's second shell with its usual arguments; null for any other command.
 * Interpreter start and imports are nearly all that such a step costs, so what they do not need is left out.
 */
export function componentCommand(words: readonly string[], directory: string): ShortCommand | null {
  const [, flag = "", script = "", source, ...rest] = words;
  const [, mark, sdk] = flag.startsWith("-") ? (STARTS_RUNTIME.exec(script) ?? []) : [];
  if (sdk === undefined || source === undefined || rest.length !== 4) return null;
  const given = new Map([
    [rest[0], rest[1]],
    [rest[2], rest[3]],
  ]);
  const [input, functionName] = [given.get("--executor_input"), given.get("--function_to_execute")];
  if (input === undefined || functionName === undefined) return null;
  const files = { source: join(directory, "ephemeral_component.py"), input: join(directory, "input.json") };
  writeFileSync(files.source, source, { mode: 0o600 });
  writeFileSync(files.input, input, { mode: 0o600 });
  const env: ShortCommand["env"] = mark === undefined ? {} : { _KFP_RUNTIME: "true" };
  return { words: ["python3", HELPER, sdk, files.source, files.input, functionName], env };
}
