/** `penstock backup` and `restore`: the data directory as one file, made while the server runs. */
import { readFileSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Command } from "commander";
import { byteText } from "@/server/domain/bytes";
import { dataDir } from "@/server/platform/data-dir";
import { readEnv } from "@/server/platform/env";
import { programRoot } from "@/server/platform/root";
import { writeBackup } from "./backup-writer";
import { CommandError, EXIT, refused } from "./exit";
import { restore } from "./restore";
import { JSON_FLAG, type Session, type Wrap } from "./session";

interface BackupOptions {
  readonly home?: string;
  readonly force?: boolean;
}

/** What is left out is told one by one, up to here. */
const MAX_TOLD = 10;

const HOME_FLAG = ["--home <dir>", "the data directory (PENSTOCK_HOME, ~/.penstock)"] as const;

const isThere = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

async function checkPlaces(home: string, target: string, isForced: boolean): Promise<void> {
  if (!(await isThere(dataDir(home).database)))
    throw refused(`${home} is no data directory of Penstock. Name it with --home, or set PENSTOCK_HOME.`);
  if (target.startsWith(home + sep)) throw refused("Write the backup outside the data directory.");
  if (!isForced && (await isThere(target))) throw refused(`${target} exists. Name another file, or give --force.`);
}

async function backup({ output, surroundings }: Session, given: string, options: BackupOptions): Promise<number> {
  const { cwd, env } = surroundings;
  const { home } = readEnv(env, { insecure: true, home: options.home && resolve(cwd, options.home) });
  const target = resolve(cwd, given);
  await checkPlaces(home, target, options.force ?? false);
  const { version } = JSON.parse(readFileSync(join(programRoot(), "package.json"), "utf8"));
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once("SIGINT", stop);
  const createdAt = new Date().toISOString();
  try {
    output.progress("Copying the database");
    const done = await writeBackup({
      home,
      target,
      manifest: { format: 1, version, createdAt },
      signal: stopping.signal,
      seen: ({ files, bytes }) => output.progress(`Backing up ${byteText(bytes)}, ${files} files`),
    });
    const { runs, files, bytes, databaseBytes, size, leftOut } = done;
    const words = `${target}, ${byteText(size)}: ${runs} runs, ${files} files of ${byteText(bytes)}, ${byteText(databaseBytes)} of them the database.`;
    output.print({ file: target, createdAt, runs, files, bytes, databaseBytes, size, leftOut }, words);
    for (const { path, why } of leftOut.slice(0, MAX_TOLD)) output.note(`Left out: ${path} (${why})`);
    if (leftOut.length > MAX_TOLD) output.note(`… and ${leftOut.length - MAX_TOLD} more.`);
    output.note("It holds the keys of this installation and with them all secrets: keep it as safe as they are.");
    return EXIT.ok;
  } catch (error) {
    output.progress(null);
    if (stopping.signal.aborted) throw new CommandError(EXIT.canceled, "canceled", "Nothing was written.");
    throw error;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** Adds the subcommands. */
export function addBackup(program: Command, action: Wrap): void {
  program
    .command("backup")
    .description("write the data directory into one .tar.gz, also while the server runs; environments are left out")
    .argument("<file>", "the file to write")
    .option(...HOME_FLAG)
    .option("--force", "write over a file that exists")
    .option(...JSON_FLAG)
    .action(action(backup));
  program
    .command("restore")
    .description("make an empty data directory what a backup holds")
    .argument("<file>", "a file that `penstock backup` wrote")
    .option(...HOME_FLAG)
    .option(...JSON_FLAG)
    .action(action(restore));
}
