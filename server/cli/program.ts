/** The `penstock` command: its subcommands and flags, and what every one of them shares. */
import { Command, CommanderError } from "commander";
import type { Problem } from "@/pipelines/graph";
import { SettingsError } from "@/server/platform/env";
import { type Connection, connect } from "./connection";
import { doctor } from "./doctor";
import { asCommandError, EXIT, errorJson, refused } from "./exit";
import { printLogs } from "./logs";
import { type Output, outputTo, type Surroundings } from "./output";
import { cancelRun, type ListOptions, listRuns, showRun } from "./runs";
import { type SubmitOptions, submit } from "./submit";

const gather = (value: string, earlier: string[] = []): string[] => [...earlier, value];

/** Starts the server; imported only here, because everything else needs no database. */
async function up(argv: readonly string[]): Promise<number> {
  const supervisor = await import("@/server/supervisor/up");
  return supervisor.up(argv);
}

interface Session {
  readonly output: Output;
  readonly connect: () => Connection;
}

type Action<Args extends unknown[]> = (session: Session, ...args: Args) => Promise<number | undefined>;

/** Builds the command; `done` is told the exit code of what ran. */
function buildProgram(surroundings: Surroundings, done: (exit: number) => void): Command {
  const { env, cwd } = surroundings;
  const program = new Command("penstock").description("Runs and watches pipelines on a Penstock server.");
  program.option("--json", "print one JSON value on standard output").exitOverride();
  program.configureOutput({ writeOut: surroundings.stdout, writeErr: surroundings.stderr });

  /** Wraps an action: output by `--json`, errors in one shape, the exit code handed on. */
  const action =
    <Args extends unknown[]>(work: Action<Args>) =>
    async (...args: Args): Promise<void> => {
      const output = outputTo(surroundings, program.opts<{ json?: boolean }>().json ?? false);
      let url = env.PENSTOCK_URL ?? "http://127.0.0.1:4270";
      const session: Session = {
        output,
        connect: () => {
          const connection = connect(env);
          url = connection.url;
          return connection;
        },
      };
      try {
        done((await work(session, ...args)) ?? EXIT.ok);
      } catch (error) {
        const known = error instanceof SettingsError ? refused(error.message) : asCommandError(error, url);
        if (output.isJson) output.print(errorJson(known), "");
        else tellError(output, known.message, known.problems);
        done(known.exit);
      }
    };

  program
    .command("up")
    .description("start the server (the same as npm start); --help for its flags")
    .allowUnknownOption()
    .helpOption(false)
    .argument("[flags...]")
    .action(action(async (_session, flags: string[]) => up(flags)));

  program
    .command("submit")
    .description("upload a pipeline with the files it names and start a run")
    .argument("<file...>", "a .pipeline, .yaml, .json, .ipynb, .zip or folder, and further files")
    .option("--param <name=value>", "value of a parameter; again for more", gather)
    .option("--name <name>", "name of the run")
    .option("--experiment <name>", "experiment of the run, made when there is none")
    .option("--wait", "wait for the end; the exit code follows the run")
    .option("--json", "print one JSON value on standard output")
    .action(
      action(async ({ output, connect: to }, files: string[], options: SubmitOptions) =>
        submit(to(), output, files, options, cwd),
      ),
    );

  addRuns(program, action);

  program
    .command("logs")
    .description("print the logs of a run's steps")
    .argument("<run>")
    .argument("[step]", "path, key or name of a step")
    .option("-f, --follow", "go on until the run is over")
    .option("--json", "print a JSON value a line")
    .action(
      action(async ({ output, connect: to }, run: string, step: string | undefined, options: { follow?: boolean }) => {
        await printLogs(to(), output, run, step, options.follow ?? false);
        return EXIT.ok;
      }),
    );

  program
    .command("doctor")
    .description("check what Penstock needs")
    .option("--json", "print one JSON value on standard output")
    .action(action(async ({ output }) => doctor(output, env)));
  return program;
}

function addRuns(
  program: Command,
  action: <Args extends unknown[]>(work: Action<Args>) => (...args: Args) => Promise<void>,
): void {
  const runs = program.command("runs").description("list, read and end runs");
  runs
    .command("list")
    .description("the newest runs")
    .option("--state <state>", "only runs in this state; again for more", gather)
    .option("--experiment <name>", "only runs of this experiment")
    .option("--search <text>", "only runs whose name holds this")
    .option("--archived", "the archived ones")
    .option("--limit <n>", "at most this many (50)")
    .option("--cursor <cursor>", "the page after another")
    .option("--json", "print one JSON value on standard output")
    .action(
      action(async ({ output, connect: to }, options: ListOptions) => {
        await listRuns(to(), output, options);
        return EXIT.ok;
      }),
    );
  for (const [name, description, work] of [
    ["get", "one run with all its steps", showRun],
    ["cancel", "cancel a pending run, terminate a running one", cancelRun],
  ] as const) {
    runs
      .command(name)
      .description(description)
      .argument("<run>")
      .option("--json", "print one JSON value on standard output")
      .action(
        action(async ({ output, connect: to }, run: string) => {
          await work(to(), output, run);
          return EXIT.ok;
        }),
      );
  }
}

function tellError(output: Output, message: string, problems: readonly Problem[]): void {
  output.note(message);
  for (const problem of problems.filter(({ severity }) => severity === "error").slice(0, 20)) {
    if (problem.message !== message) output.note(`  ${problem.place}: ${problem.message}`);
  }
}

/** What was wrong about the arguments, without the parser's own prefix. */
const usageWords = (error: CommanderError): string =>
  error.code === "commander.help"
    ? "A subcommand is missing; --help lists them."
    : error.message.replace(/^error: /, "");

/** Runs the command with these arguments and returns its exit code. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exit: number = EXIT.ok;
  // `--json` may stand anywhere; commander would give it to the innermost command only.
  const isJson = argv[0] !== "up" && argv.includes("--json");
  const rest = isJson ? ["--json", ...argv.filter((arg) => arg !== "--json")] : [...argv];
  const program = buildProgram(surroundings, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(rest, { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    if (isJson) outputTo(surroundings, isJson).print(errorJson(refused(usageWords(error))), "");
    return EXIT.refused;
  }
}
