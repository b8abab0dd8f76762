/** What may follow on a command line, read from the command's own tree. Pure. */
import type { Argument, Command, Option } from "commander";

/** What is offered beside words: files of the shell, or what the server has. */
export type CompletionKind = "file" | "run" | "pipeline" | "experiment" | "recurring-run" | "profile";

export interface Completion {
  readonly candidates: readonly { readonly value: string; readonly about: string }[];
  readonly kind: CompletionKind | null;
  /** What has been typed of the word. */
  readonly beginning: string;
}

/** By the name of an argument, or by what a flag's value is called. */
const KINDS: ReadonlyMap<string, CompletionKind> = new Map([
  ["file", "file"],
  ["files", "file"],
  ["dir", "file"],
  ["path", "file"],
  ["interpreter", "file"],
  ["run", "run"],
  ["pipeline", "pipeline"],
  ["experiment", "experiment"],
  ["recurring-run", "recurring-run"],
  ["profile", "profile"],
]);

/** `--profile <name>` means a profile: the flag tells where the value's name does not. */
function kindOfOption(option: Option): CompletionKind | null {
  const value = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? "";
  return KINDS.get(value) ?? KINDS.get(option.attributeName()) ?? null;
}

const takesValue = (option: Option | undefined): option is Option =>
  option !== undefined && (option.required || option.optional);

const findOption = (command: Command, word: string): Option | undefined =>
  command.options.find(({ short, long }) => word === short || word === long);

const findSubcommand = (command: Command, word: string): Command | undefined =>
  command.commands.find((one) => one.name() === word || one.aliases().includes(word));

interface Place {
  readonly command: Command;
  /** Words before that are no flags and no subcommands. */
  readonly arguments: number;
  /** The flag whose value is being typed. */
  readonly option: Option | null;
}

/** Where the words lead: the subcommand, and how far in its arguments they are. */
function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let count = 0;
  let option: Option | null = null;
  for (const word of words) {
    if (option !== null) option = null;
    else if (word.startsWith("-")) {
      const found = findOption(command, word);
      option = takesValue(found) ? found : null;
    } else {
      const next = count === 0 ? findSubcommand(command, word) : undefined;
      if (next === undefined) count += 1;
      else command = next;
    }
  }
  return { command, arguments: count, option };
}

function argumentAt({ registeredArguments: list }: Command, at: number): Argument | undefined {
  const last = list.at(-1);
  return list[at] ?? (last?.variadic ? last : undefined);
}

const words = (values: readonly string[] | undefined) => (values ?? []).map((value) => ({ value, about: "" }));

/** What may stand in the place of the last word, which is empty where none was begun. */
export function completionOf(program: Command, line: readonly string[]): Completion {
  const beginning = line.at(-1) ?? "";
  const place = placeOf(program, line.slice(0, -1));
  const { command, option } = place;
  if (option !== null) return { candidates: words(option.argChoices), kind: kindOfOption(option), beginning };
  if (beginning.startsWith("-")) {
    const flags = command.options.map(({ long, short, description }) => ({
      value: long ?? short ?? "",
      about: description,
    }));
    return { candidates: [...flags, { value: "--help", about: "what it does, with examples" }], kind: null, beginning };
  }
  const help = command.createHelp();
  const subcommands =
    place.arguments > 0
      ? []
      : help.visibleCommands(command).map((one) => ({ value: one.name(), about: one.description() }));
  const argument = argumentAt(command, place.arguments);
  const candidates = [...subcommands, ...words(argument?.argChoices)];
  return { candidates, kind: argument === undefined ? null : (KINDS.get(argument.name()) ?? null), beginning };
}
