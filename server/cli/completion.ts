/** `penstock completion`: what a shell offers, told by the command itself and, for runs and the like, by the server. */
import { Argument, type Command } from "commander";
import { type CompletionKind, completionOf } from "./completion-words";
import { type Connection, connect } from "./connection";
import { EXIT } from "./exit";
import type { Session, Wrap } from "./session";
import { SHELL_SCRIPTS, SHELLS, type Shell } from "./shell-scripts";

interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** A shell waits for the answer, so a server that is slow or gone offers nothing. */
const PATIENCE_MS = 1_500;
const OFFERED = 50;

/** Names with blanks would have to be quoted in every shell's own way; their ids are offered. */
const isPlain = (text: string): boolean => /^[\w.@%+:,-]+$/.test(text);

const named = (items: readonly { readonly id: string; readonly name: string }[]): Candidate[] =>
  items.map(({ id, name }) => (isPlain(name) ? { value: name, about: id } : { value: id, about: name }));

const FROM_SERVER: { readonly [kind in Exclude<CompletionKind, "file">]: (to: Connection) => Promise<Candidate[]> } = {
  run: async ({ api }) =>
    (await api.runs.list.query({ limit: OFFERED })).items.map(({ id, name, state }) => ({
      value: id,
      about: `${name}, ${state}`,
    })),
  pipeline: async ({ api }) => named((await api.pipelines.list.query({ limit: OFFERED })).items),
  experiment: async ({ api }) => named((await api.experiments.list.query({ limit: OFFERED })).items),
  "recurring-run": async ({ api }) => named((await api.recurringRuns.list.query({ limit: OFFERED })).items),
  profile: async ({ api }) =>
    (await api.profiles.list.query()).map(({ name, executor }) => ({ value: name, about: executor })),
};

async function fromServer(kind: Exclude<CompletionKind, "file">, { env }: Session["surroundings"]) {
  const patience = new Promise<Candidate[]>((resolve) => setTimeout(resolve, PATIENCE_MS, []).unref());
  const asked = (async () => FROM_SERVER[kind](connect(env)))().catch((): Candidate[] => []);
  return Promise.race([asked, patience]);
}

/** Answers a shell: a line for each candidate, or `:files` where it shall offer files. */
const complete =
  (program: Command) =>
  async ({ surroundings }: Session, words: string[]): Promise<number> => {
    const { candidates, kind, beginning } = completionOf(program, words);
    const more = kind === null || kind === "file" ? [] : await fromServer(kind, surroundings);
    const offered = [...candidates, ...more].filter(({ value }) => value.startsWith(beginning));
    if (offered.length === 0 && kind === "file") surroundings.stdout(":files\n");
    for (const { value, about } of offered) surroundings.stdout(`${value}\t${about.replace(/\s+/g, " ")}\n`);
    return EXIT.ok;
  };

/** Adds the subcommand, and the hidden one that the scripts call. */
export function addCompletion(program: Command, action: Wrap): void {
  program
    .command("completion")
    .description("print a script that makes your shell complete commands, flags, runs and files")
    .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
    .action(
      action(async ({ surroundings }: Session, shell: Shell) => {
        surroundings.stdout(SHELL_SCRIPTS[shell]);
        return EXIT.ok;
      }),
    );
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false)
    .action(action(complete(program)));
}
