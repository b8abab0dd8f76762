/** The database's part of a backup: a consistent copy of it, what that copy knows of files, and its health elsewhere. */
import { closeSync, openSync } from "node:fs";
import { type Db, openDatabase } from "./client";
import { schemaState } from "./migrate";

/** Writes the database as it is at this moment to `target`, readable by its owner only; writers are not held up. */
export function copyDatabase(source: string, target: string): void {
  // An empty file is taken as it is, so that the copy has its rights from the first byte on.
  closeSync(openSync(target, "wx", 0o600));
  const db = openDatabase(source, { readonly: true });
  try {
    db.$client.prepare("vacuum into ?").run(target);
  } finally {
    db.$client.close();
  }
}

/** What a copy of the database knows of files; a file that came later belongs to a later state and is left out. */
export interface KnownFiles {
  readonly runs: number;
  readonly hasRun: (key: number) => boolean;
  readonly hasAttempt: (runKey: number, taskKey: number, number: number) => boolean;
  readonly hasBlob: (digest: string) => boolean;
  readonly hasVolume: (key: number) => boolean;
  readonly close: () => void;
}

/** Opens a copy to ask it which files are part of it. */
export function knownFiles(copy: string): KnownFiles {
  const db = openDatabase(copy, { readonly: true });
  const asks = (table: string, where: string) => {
    const statement = db.$client.prepare(`select 1 from ${table} where ${where}`).pluck();
    return (...values: readonly (string | number)[]): boolean => statement.get(...values) !== undefined;
  };
  const hasRun = asks("run", "key = ?");
  const hasAttempt = asks("attempt", "run_key = ? and task_key = ? and number = ?");
  return {
    runs: Number(db.$client.prepare("select count(*) from run").pluck().get()),
    hasRun: (key) => hasRun(key),
    hasAttempt: (runKey, taskKey, number) => hasAttempt(runKey, taskKey, number),
    hasBlob: asks("blob", "digest = ?"),
    hasVolume: asks("volume", "key = ?"),
    close: () => db.$client.close(),
  };
}

/** What is wrong with a database file that came from a backup; null when nothing is. */
export function restoredProblem(file: string, migrations: string): string | null {
  let db: Db | undefined;
  try {
    db = openDatabase(file);
    const findings = db.$client.pragma("integrity_check") as readonly { readonly integrity_check: string }[];
    const [first] = findings;
    if (first?.integrity_check !== "ok") return `its database is damaged: ${first?.integrity_check ?? "no answer"}`;
    const broken = db.$client.pragma("foreign_key_check") as readonly unknown[];
    if (broken.length > 0) return `its database is damaged: ${broken.length} rows refer to rows that are not there`;
    if (schemaState(db, migrations) === "ahead") return "it was made by a newer Penstock; restore it with that one";
    return null;
  } catch (error) {
    return `its database is damaged: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    db?.$client.close();
  }
}

/** An attempt that went on when the backup was made. */
export interface OpenAttempt {
  readonly runKey: number;
  readonly taskKey: number;
  readonly number: number;
}

/** No boot of any machine is called so: what ran before counts as gone with a reboot. */
export const FOREIGN_BOOT = "restored";

function settleRows({ $client: client }: Db, from: string, to: string): OpenAttempt[] {
  client
    .prepare("update artifact set uri = ? || substr(uri, ?) where path is not null and substr(uri, 1, ?) = ?")
    .run(`${to}/`, from.length + 2, from.length + 1, `${from}/`);
  const isOpen = "state in ('starting', 'running')";
  client
    .prepare(
      `update attempt set handle = json_set(handle, '$.bootId', ?) where ${isOpen} and json_type(handle) = 'object'`,
    )
    .run(FOREIGN_BOOT);
  return client
    .prepare(`select run_key as runKey, task_key as taskKey, number from attempt where ${isOpen}`)
    .all() as OpenAttempt[];
}

/**
 * Makes a restored database one of the directory `to`: artifacts are found there, and no process of the machine is taken
 * for one of its own. Answers the attempts that went on.
 */
export function settleElsewhere(file: string, from: string, to: string): OpenAttempt[] {
  const db = openDatabase(file);
  try {
    return db.$client.transaction(() => settleRows(db, from, to)).immediate();
  } finally {
    db.$client.close();
  }
}
