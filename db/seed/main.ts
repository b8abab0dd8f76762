/** The seeds' command: `npm run seed -- NAME [N]`, on the data directory of PENSTOCK_HOME, with the engine stopped. */
import { mkdirSync } from "node:fs";
import { dataDir } from "@/server/platform/data-dir";
import { readEnv } from "@/server/platform/env";
import { migrationsFolder } from "@/server/platform/root";
import { openDatabase } from "../client";
import { migrateDatabase } from "../migrate";
import { luckOf, randomFrom } from "./rng";
import { SEEDS } from "./scenarios";

const [name, size] = process.argv.slice(2);
const seed = SEEDS.find((candidate) => candidate.name === name);
if (!seed) {
  const list = SEEDS.map((s) => `  ${s.name}${s.size ? ` [${s.size.about}, ${s.size.usual}]` : ""}: ${s.about}`);
  console.log(`npm run seed -- NAME [N]\n${list.join("\n")}`);
  process.exit(name === undefined || name === "list" ? 0 : 2);
}
const count = size === undefined ? (seed.size?.usual ?? 0) : Number(size);
if (!Number.isInteger(count) || count < 0) {
  console.error(`N must be a whole number, not ${size}`);
  process.exit(2);
}

const files = dataDir(readEnv(process.env).home);
mkdirSync(files.home, { recursive: true, mode: 0o700 });
const db = openDatabase(files.database);
migrateDatabase(db, migrationsFolder());
const startedAt = Date.now();
const isThere = Number(db.$client.prepare("select count(*) from pipeline").pluck().get());
seed.write({ db, random: randomFrom(luckOf(seed.name, isThere)), nowMs: Date.now() }, files, count);
db.$client.close();
console.log(`${seed.name} written to ${files.home} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
