/** `penstock restore`: a backup becomes a data directory, whole or not at all. */
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FOREIGN_BOOT, type OpenAttempt, restoredProblem, settleElsewhere } from "@/db/backup";
import { byteText } from "@/server/domain/bytes";
import { ATTEMPT_FILES, dataDir } from "@/server/platform/data-dir";
import { readEnv } from "@/server/platform/env";
import { migrationsFolder } from "@/server/platform/root";
import { DATABASE_ENTRY } from "./backup-format";
import { readBackup } from "./backup-reader";
import { CommandError, EXIT, refused } from "./exit";
import type { Session } from "./session";

interface RestoreOptions {
  readonly home?: string;
}

/** Makes the directory when it is not there. Answers whether it was. */
async function emptyHome(home: string): Promise<boolean> {
  const names = await readdir(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw refused(`${home} cannot be used: ${error.message}`);
  });
  if (names !== null && names.length > 0)
    throw refused(`${home} is not empty. Name an empty directory with --home, or move what is there away.`);
  await mkdir(home, { recursive: true, mode: 0o700 });
  return names !== null;
}

/** Processes of the machine that carry the same numbers are not the attempt's: its boot is told to be another. */
async function disown(home: string, { runKey, taskKey, number }: OpenAttempt): Promise<void> {
  const place = join(dataDir(home).attempt(runKey, taskKey, number), ATTEMPT_FILES.pid);
  const said = await readFile(place, "latin1").catch(() => null);
  if (said === null) return;
  await chmod(place, 0o600);
  await writeFile(place, said.replace(/^(\d+ \S+) \S*\n/, `$1 ${FOREIGN_BOOT}\n`), "latin1");
}

/** The database comes last: a directory without one is no data directory yet. */
async function moveIn(staging: string, home: string): Promise<void> {
  const names = (await readdir(staging)).filter((name) => !name.startsWith(`${DATABASE_ENTRY}-`));
  for (const name of names.sort((a) => (a === DATABASE_ENTRY ? 1 : -1)))
    await rename(join(staging, name), join(home, name));
}

const isArchiveFault = (error: unknown): error is Error =>
  error instanceof Error &&
  (!("code" in error) || /^(Z_|ERR_|EEXIST|ENOTDIR|EISDIR|ENAMETOOLONG)/.test(String(error.code)));

/** The fault of an archive names the archive; troubles of this machine stay what they are. */
function faultOf(file: string, error: unknown): unknown {
  if (error instanceof CommandError) return refused(`${file} cannot be restored: ${error.message}.`);
  return isArchiveFault(error) ? refused(`${file} cannot be restored: it is damaged (${error.message}).`) : error;
}

/** Restores into an empty directory. */
export async function restore(session: Session, given: string, options: RestoreOptions): Promise<number> {
  const { output, surroundings } = session;
  const file = resolve(surroundings.cwd, given);
  const { home } = readEnv(surroundings.env, {
    insecure: true,
    home: options.home && resolve(surroundings.cwd, options.home),
  });
  if (!(await lstat(file).catch(() => null))?.isFile()) throw refused(`There is no file ${given}.`);
  const wasThere = await emptyHome(home);
  const staging = join(home, `.restoring-${process.pid}`);
  try {
    await mkdir(staging, { mode: 0o700 });
    const { manifest, totals, finish } = await readBackup(file, staging, ({ files, bytes }) =>
      output.progress(`Restoring ${byteText(bytes)}, ${files} files`),
    );
    output.progress("Checking the database");
    const database = join(staging, DATABASE_ENTRY);
    const problem = restoredProblem(database, migrationsFolder());
    if (problem !== null) throw refused(problem);
    const open = settleElsewhere(database, manifest.home, home);
    for (const attempt of open) await disown(staging, attempt);
    await finish();
    await moveIn(staging, home);
    await rm(staging, { recursive: true, force: true });
    const { version, createdAt, runs } = manifest;
    const words = [
      `${home} holds ${runs} runs again, ${totals.files} files, ${byteText(totals.bytes)}; from ${createdAt.slice(0, 19)}.`,
      ...(open.length === 0 ? [] : [`${open.length} steps were running: the server treats them as after a reboot.`]),
      "It makes a token of its own at its start: `penstock up`.",
    ];
    output.print({ home, version, createdAt, runs, ...totals, wereRunning: open.length }, words.join("\n"));
    return EXIT.ok;
  } catch (error) {
    output.progress(null);
    await rm(staging, { recursive: true, force: true });
    if (!wasThere) await rmdir(home).catch(() => undefined);
    throw faultOf(given, error);
  }
}
