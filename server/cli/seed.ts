/** `penstock seed`: the named data sets, written by the program that `npm run seed` is too. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Command } from "commander";
import { readEnv } from "@/server/platform/env";
import { programRoot } from "@/server/platform/root";
import { EXIT } from "./exit";
import { JSON_FLAG, type Session, type Wrap } from "./session";

/** Beside the built command lies the built program; from the sources both are read as they are. */
function programOf(): readonly string[] {
  const isBuilt = import.meta.url.endsWith("/dist/cli.js");
  const root = programRoot();
  return isBuilt
    ? [join(root, "dist", "seed.js")]
    : ["--import", "tsx", join(root, "server", "services", "seed", "main.ts")];
}

async function seed(
  { output, surroundings }: Session,
  name: string | undefined,
  size: string | undefined,
  options: { readonly home?: string },
): Promise<number> {
  const { env, cwd, stdout, stderr } = surroundings;
  const { home } = readEnv(env, { insecure: true, home: options.home });
  const words = [name, size].filter((word) => word !== undefined);
  const child = spawn(process.execPath, [...programOf(), ...words, ...(output.isJson ? ["--json"] : [])], {
    cwd,
    env: { ...process.env, ...env, PENSTOCK_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.setEncoding("utf8").on("data", stdout);
  child.stderr.setEncoding("utf8").on("data", stderr);
  const [code] = await once(child, "close");
  return typeof code === "number" ? code : EXIT.failed;
}

/** Adds the subcommand. */
export function addSeed(program: Command, action: Wrap): void {
  program
    .command("seed")
    .description("write a data set for a try, with the server stopped; without a name it lists them")
    .argument("[name]", "name of a data set")
    .argument("[n]", "how large, where the data set has a size")
    .option("--home <dir>", "the data directory (PENSTOCK_HOME, ~/.penstock)")
    .option(...JSON_FLAG)
    .action(action(seed));
}
