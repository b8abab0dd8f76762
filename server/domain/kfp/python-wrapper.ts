/** Recognises the shells that the SDK wraps around lightweight Python components, and what they would install. */

/** A component without its installing shell. */
export interface PythonWrapper {
  /** The arguments of each `pip install` in order: flags, index options and requirements as written. */
  readonly packages: readonly (readonly string[])[];
  /** The command and arguments that remain once the packages are there. */
  readonly rest: readonly string[];
  /** The wrapper makes a virtual environment of its own (`use_venv=True`). */
  readonly usesVenv: boolean;
}

/** The shells that begin a wrapper; all hand over with `"$0" "$@"`. */
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba)?sh$/;
const HANDS_OVER = /"\$0" "\$@"\s*$/;
/** How the second shell starts the source it was given as `$0`. */
const RUNS_SOURCE =
  /printf\s+"%s"\s+"\$0"\s*>\s*"\$program_path(?:\/ephemeral_component\.py)?"\s+(?:_KFP_RUNTIME=true\s+)?python3\s+(?:-m\s+kfp\.(?:dsl|components)\.executor_main|-u\s+"\$program_path")/;
const PIP = "(?:PIP_DISABLE_PIP_VERSION_CHECK=1 )?python3 -m pip install";
const OLD_FORM = new RegExp(
  `^\\s*(?:\\(python3 -m ensurepip \\|\\| python3 -m ensurepip --user\\) && )?\\(${PIP} ([^|]*) \\|\\| ${PIP} ([^|]*)\\) &&\\s*$`,
);
/** Words of the installing shell beside pip itself; anything else makes it a script we do not know. */
const KNOWN_NOISE: readonly RegExp[] = [
  /^if ! \[ -x "\$\(command -v pip\)" \]; then$/,
  /^python3 -m ensurepip(?: --user)?(?: \|\| python3 -m ensurepip --user)?(?: \|\| apt-get install python3-pip)?$/,
  /^fi$/,
  /^tmp=\$\(mktemp -d\)$/,
  /^python3 -m venv "\$tmp\/venv" --system-site-packages$/,
  /^\. "\$tmp\/venv\/bin\/activate"$/,
  /^export PIP_DISABLE_PIP_VERSION_CHECK=1$/,
  /^PIP_DISABLE_PIP_VERSION_CHECK=1$/,
];

/**
 * Takes the installing shell off a command. Null for a command that does not run Python source in the SDK's way,
 * and for an installing script with lines nobody knows: that one runs as it is written.
 */
export function unwrapPython(command: readonly string[], args: readonly string[]): PythonWrapper | null {
  const [shell = "", flag = "", script = "", ...inner] = command;
  if (!SHELL.test(shell)) return null;
  if (isSourceShell(command)) return { packages: [], rest: [...command, ...args], usesVenv: false };
  if (flag !== "-c" || !HANDS_OVER.test(script) || inner.length === 0) return null;
  const installs = readInstalls(script.replace(HANDS_OVER, ""));
  if (installs === null) return null;
  return { packages: installs, rest: [...inner, ...args], usesVenv: /python3 -m venv\b/.test(script) };
}

/** Whether a command is the second shell: it runs the Python source that follows it. */
function isSourceShell(command: readonly string[]): boolean {
  const [shell = "", flag = "", script = ""] = command;
  return SHELL.test(shell) && /^-e?c$/.test(flag) && RUNS_SOURCE.test(script);
}

function readInstalls(script: string): string[][] | null {
  const old = oldForm(script);
  if (old !== null) return old;
  const installs: string[][] = [];
  for (const line of script.split("\n").flatMap((one) => splitCommands(one))) {
    const text = line.trim();
    if (text === "" || KNOWN_NOISE.some((known) => known.test(text))) continue;
    const install = /^(?:PIP_DISABLE_PIP_VERSION_CHECK=1\s+)?python3?\s+-m\s+pip\s+install\b(.*)$/.exec(text)?.[1];
    const words = install === undefined ? null : shellWords(install);
    if (words === null) return null;
    installs.push(words);
  }
  return installs;
}

/** SDK 1: `(ensurepip …) && (pip install … || pip install … --user) && …`; both pip lines install the same. */
function oldForm(script: string): string[][] | null {
  const match = OLD_FORM.exec(script);
  const [first, second] = [match?.[1], match?.[2]].map((line) => (line === undefined ? null : shellWords(line)));
  if (first == null || second == null) return null;
  return second.join(" ") === [...first, "--user"].join(" ") ? [first] : null;
}

/** Splits at `&&` outside quotes. */
function splitCommands(line: string): string[] {
  const parts: string[] = [];
  let quote = "";
  let from = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (line.startsWith("&&", at)) {
      parts.push(line.slice(from, at));
      from = at + 2;
      at += 1;
    }
  }
  return [...parts, line.slice(from)];
}

/** Words of a shell line made of plain and quoted text; null if it uses anything that a shell would expand. */
export function shellWords(line: string): string[] | null {
  const words: string[] = [];
  let word = "";
  let isOpen = false;
  const token = /\s+|'([^']*)'|"([^"\\$`]*)"|\\(.)|([^\s'"\\$`|&;<>()*?!#~]+)/y;
  while (token.lastIndex < line.length) {
    const match = token.exec(line);
    if (match === null) return null;
    const [, single, double, escaped, plain] = match;
    const text = single ?? double ?? escaped ?? plain;
    if (text === undefined) {
      if (isOpen) words.push(word);
      word = "";
      isOpen = false;
      continue;
    }
    word += text;
    isOpen = true;
  }
  if (isOpen) words.push(word);
  return words;
}
