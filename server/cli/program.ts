/** The `penstock` command: a table of contents of its subcommands, and how arguments become an exit code. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { programRoot } from "@/server/platform/root";
import { wrapping } from "./action";
import { addArtifacts } from "./artifacts";
import { addBackup } from "./backup";
import { addCache } from "./cache";
import { addCompletion } from "./completion";
import { addDoctor } from "./doctor";
import { addEnvironmentCommands } from "./environments";
import { addExamples } from "./examples";
import { EXIT, errorJson, refused } from "./exit";
import { addExperiments } from "./experiments";
import { addLogs } from "./logs";
import { outputTo, type Surroundings } from "./output";
import { addPipelines } from "./pipelines";
import { addProfiles } from "./profiles";
import { addRecurring } from "./recurring";
import { addReruns, addRuns } from "./runs";
import { addSecrets } from "./secrets";
import { addSeed } from "./seed";
import { JSON_FLAG, type Wrap } from "./session";
import { addSettings } from "./settings";
import { addSubmit } from "./submit";
import { addTokens } from "./tokens";
import { addUp } from "./up";
import { addVolumes } from "./volumes";

/** In the order in which `--help` lists them. */
const SUBCOMMANDS: readonly ((program: Command, action: Wrap) => void)[] = [
  addUp,
  addSubmit,
  addRuns,
  addLogs,
  addReruns,
  addPipelines,
  addExperiments,
  addRecurring,
  addArtifacts,
  addCache,
  addProfiles,
  addSecrets,
  addTokens,
  addVolumes,
  addEnvironmentCommands,
  addSettings,
  addSeed,
  addBackup,
  addDoctor,
  addCompletion,
];

const versionText = (): string => JSON.parse(readFileSync(join(programRoot(), "package.json"), "utf8")).version;

/** Builds the command; `done` is told the exit code of what ran. */
export function buildProgram(surroundings: Surroundings, done: (exit: number) => void): Command {
  const program = new Command("penstock")
    .description("Runs and watches pipelines on a Penstock server.")
    .version(versionText())
    .option(...JSON_FLAG)
    // Else `--version` of a subcommand would be taken for the program's own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: surroundings.stdout, writeErr: surroundings.stderr });
  const action = wrapping(surroundings, () => program.opts<{ json?: boolean }>().json ?? false, done);
  for (const add of SUBCOMMANDS) add(program, action);
  addExamples(program);
  return program;
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
  const isJson = argv[0] !== "up" && argv[0] !== "complete" && argv.includes("--json");
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
