/** Gives Python commands their arguments in a file, where they are too long for a command line. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { programRoot } from "@/server/platform/root";

const HELPER = join(programRoot(), "pipelines", "runtime", "call_python.py");

/** A command that says the same in short. */
export interface ShortCommand {
  readonly words: readonly string[];
  /** What the long command's shell would have set. */
  readonly env: { readonly [name: string]: string };
}

/** Linux refuses one argument of 131,072 bytes or more; some room is left. */
const LONGEST_ARGUMENT = 120 * 1024;
/** All of them, with the environment, have a quarter of the stack's limit: most often 2 MiB. */
const LONGEST_COMMAND = 1024 * 1024;

/** What a command starts in Python: a module, or a file, which may have to be written first. */
interface PythonCall {
  readonly module?: string;
  readonly source?: string;
  readonly file?: string;
  /** The first place where Python looks for modules; empty for the working directory. */
  readonly folder: string;
  readonly arguments: readonly string[];
  /** The shell sets the mark by which the SDK imports its runtime alone. */
  readonly isMarked: boolean;
}

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba)?sh$/;
const STARTS_RUNTIME = /(_KFP_RUNTIME=true\s+)?python3 -m (kfp\.(?:dsl|components)\.executor_main)\b/;
const STARTS_SOURCE = /python3 -u "\$program_path" "\$@"/;
const PYTHON = /^python3?$/;

/** The size of what makes a command too long, null for one that the system takes. */
export function excessOf(words: readonly string[]): number | null {
  const sizes = words.map((word) => Buffer.byteLength(word));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  if (largest >= LONGEST_ARGUMENT) return largest;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total >= LONGEST_COMMAND ? total : null;
}

/** The short form of a Python command, its arguments written into the attempt's folder; null for any other command. */
export function shortPython(words: readonly string[], directory: string): ShortCommand | null {
  const source = join(directory, "ephemeral_component.py");
  const call = SHELL.test(words[0] ?? "") ? shellCall(words, source) : pythonCall(words);
  if (call === null) return null;
  if (call.source !== undefined) writeFileSync(source, call.source, { mode: 0o600 });
  const file = call.file ?? source;
  const order = {
    module: call.module ?? null,
    file,
    name: call.module ?? file,
    folder: call.folder,
    arguments: call.arguments,
  };
  const input = join(directory, "input.json");
  writeFileSync(input, JSON.stringify(order), { mode: 0o600 });
  const env: ShortCommand["env"] = call.isMarked ? { _KFP_RUNTIME: "true" } : {};
  return { words: ["python3", "-u", HELPER, input], env };
}

/** The second shell of a lightweight component: it writes its source to a file and starts that, or the runtime on it. */
function shellCall(words: readonly string[], ephemeral: string): PythonCall | null {
  const [, flag = "", script = "", source, ...rest] = words;
  if (!/^-e?c$/.test(flag) || source === undefined) return null;
  const [, mark, module] = STARTS_RUNTIME.exec(script) ?? [];
  if (module !== undefined) {
    const own = ["--component_module_path", ephemeral];
    return { module, source, folder: "", arguments: [...own, ...rest], isMarked: mark !== undefined };
  }
  if (!STARTS_SOURCE.test(script)) return null;
  return { source, folder: dirname(ephemeral), arguments: rest, isMarked: false };
}

/** `python3 [-u] -m module …`, `-c source …` or `file …`. */
function pythonCall([program = "", ...after]: readonly string[]): PythonCall | null {
  if (!PYTHON.test(program)) return null;
  const [option, what, ...rest] = after[0] === "-u" ? after.slice(1) : after;
  if (option === undefined) return null;
  if (option === "-m" && what !== undefined) return { module: what, folder: "", arguments: rest, isMarked: false };
  if (option === "-c" && what !== undefined) return { source: what, folder: "", arguments: rest, isMarked: false };
  if (option.startsWith("-")) return null;
  const words = what === undefined ? [] : [what, ...rest];
  return { file: option, folder: dirname(option), arguments: words, isMarked: false };
}
