/** The seeds' command: `npm run seed -- NAME [N]`, on the data directory of PENSTOCK_HOME, with the engine stopped. */
import { mkdirSync } from "node:fs";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { LockRefusal, takeLock } from "@/db/queries/engine/lock";
import { luckOf, randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import { EXAMPLES } from "@/pipelines/examples";
import { type DataDir, dataDir } from "@/server/platform/data-dir";
import { readEnv } from "@/server/platform/env";
import { migrationsFolder } from "@/server/platform/root";
import { installExample } from "../examples/examples";
import { closeServerContext, serverContext } from "../runtime";

const EXAMPLES_SEED = "examples";

function list(): string {
  const seeds = SEEDS.map((s) => `  ${s.name}${s.size ? ` [${s.size.about}, ${s.size.usual}]` : ""}: ${s.about}`);
  return [
    "npm run seed -- NAME [N]",
    `  ${EXAMPLES_SEED}: the bundled examples, through the door of any upload`,
    ...seeds,
  ].join("\n");
}

/** Says what is wrong and ends the command as misused. */
function misuse(message: string): never {
  console.error(message);
  process.exit(2);
}

async function writeExamples(): Promise<void> {
  for (const { id } of EXAMPLES) await installExample(serverContext(), id);
  await closeServerContext();
}

function writeRows(files: DataDir, name: string, size: string | undefined): void {
  const seed = SEEDS.find((candidate) => candidate.name === name);
  if (!seed) misuse(`there is no seed ${name}\n${list()}`);
  const count = size === undefined ? (seed.size?.usual ?? 0) : Number(size);
  if (!Number.isInteger(count) || count < 0) misuse(`N must be a whole number, not ${size}`);
  const db = openDatabase(files.database);
  const isThere = Number(db.$client.prepare("select count(*) from pipeline").pluck().get());
  seed.write({ db, random: randomFrom(luckOf(seed.name, isThere)), nowMs: Date.now() }, files, count);
  db.$client.close();
}

const [name, size] = process.argv.slice(2);
if (name === undefined || name === "list") {
  console.log(list());
  process.exit(0);
}

const files = dataDir(readEnv(process.env).home);
mkdirSync(files.home, { recursive: true, mode: 0o700 });
try {
  const lock = takeLock(files.lock, new Date());
  const db = openDatabase(files.database);
  migrateDatabase(db, migrationsFolder());
  db.$client.close();
  const startedAt = Date.now();
  if (name === EXAMPLES_SEED) await writeExamples();
  else writeRows(files, name, size);
  lock.release();
  console.log(`${name} written to ${files.home} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
} catch (error) {
  if (!(error instanceof LockRefusal)) throw error;
  console.error(error.message);
  process.exit(1);
}
