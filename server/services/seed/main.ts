/** The seeds' program, behind `npm run seed` and `penstock seed`: NAME [N] into PENSTOCK_HOME, with the engine stopped. */
import { mkdirSync } from "node:fs";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { LockRefusal, takeLock } from "@/db/queries/engine/lock";
import { luckOf, randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import { EXAMPLES } from "@/pipelines/examples";
import { type DataDir, dataDir } from "@/server/platform/data-dir";
import { readEnv, SettingsError } from "@/server/platform/env";
import { migrationsFolder } from "@/server/platform/root";
import { installExample } from "../examples/examples";
import { closeServerContext, serverContext } from "../runtime";

const EXAMPLES_SEED = {
  name: "examples",
  about: "the bundled examples, through the door of any upload",
  size: null,
} as const;
const ALL = [EXAMPLES_SEED, ...SEEDS].map(({ name, about, size }) => ({ name, about, size }));

/** Why nothing was written: wrong arguments, or an engine that works on the directory. */
class Refusal extends Error {}

function list(): string {
  const lines = ALL.map(
    ({ name, about, size }) => `  ${name}${size ? ` [${size.about}, ${size.usual}]` : ""}: ${about}`,
  );
  return ["NAME [N]:", ...lines].join("\n");
}

async function writeExamples(): Promise<void> {
  for (const { id } of EXAMPLES) await installExample(serverContext(), id);
  await closeServerContext();
}

/** What writes the rows of a seed. Throws a refusal for a name or a size that there is not. */
function rowsOf(name: string, size: string | undefined): (files: DataDir) => void {
  const seed = SEEDS.find((candidate) => candidate.name === name);
  if (!seed) throw new Refusal(`There is no seed ${name}. ${list()}`);
  const count = size === undefined ? (seed.size?.usual ?? 0) : Number(size);
  if (!Number.isInteger(count) || count < 0) throw new Refusal(`N must be a whole number, not ${size}.`);
  return (files) => {
    const db = openDatabase(files.database);
    const isThere = Number(db.$client.prepare("select count(*) from pipeline").pluck().get());
    seed.write({ db, random: randomFrom(luckOf(seed.name, isThere)), nowMs: Date.now() }, files, count);
    db.$client.close();
  };
}

/** Writes a seed and answers how long that took, in milliseconds. */
async function write(files: DataDir, name: string, size: string | undefined): Promise<number> {
  const rows = name === EXAMPLES_SEED.name ? null : rowsOf(name, size);
  mkdirSync(files.home, { recursive: true, mode: 0o700 });
  const lock = takeLock(files.lock, new Date());
  const db = openDatabase(files.database);
  migrateDatabase(db, migrationsFolder());
  db.$client.close();
  const startedAt = Date.now();
  if (rows === null) await writeExamples();
  else rows(files);
  lock.release();
  return Date.now() - startedAt;
}

const [name, size] = process.argv.slice(2).filter((word) => word !== "--json");
const isJson = process.argv.includes("--json");
const print = (json: object, words: string): void => console.log(isJson ? JSON.stringify(json, null, 2) : words);

try {
  if (name === undefined || name === "list") print({ items: ALL, next: null }, list());
  else {
    const files = dataDir(readEnv(process.env, { insecure: true }).home);
    const tookMs = await write(files, name, size);
    const words = `${name} written to ${files.home} in ${(tookMs / 1000).toFixed(1)} s`;
    print({ name, home: files.home, tookMs }, words);
  }
} catch (error) {
  const isKnown = error instanceof Refusal || error instanceof LockRefusal || error instanceof SettingsError;
  if (!isKnown) throw error;
  if (isJson) print({ error: { code: "refused", message: error.message, problems: [] } }, "");
  else console.error(error.message);
  process.exitCode = 2;
}
