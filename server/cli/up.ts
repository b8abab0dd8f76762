/** `penstock up`: starts the server. */
import type { Command } from "commander";
import type { Wrap } from "./session";

/** Imported only when it runs, because everything else needs no server. */
async function up(argv: readonly string[]): Promise<number> {
  const supervisor = await import("@/server/supervisor/up");
  return supervisor.up(argv);
}

/** Adds the subcommand; its flags are the supervisor's own. */
export function addUp(program: Command, action: Wrap): void {
  program
    .command("up")
    .description("start the server (the same as npm start); --help for its flags")
    .allowUnknownOption()
    .helpOption(false)
    .argument("[flags...]")
    .action(action(async (_session, flags: string[]) => up(flags)));
}
