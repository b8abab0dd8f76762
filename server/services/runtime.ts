/** The one context of this process, opened when first asked for and kept across Next's module graphs. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { schemaState } from "@/db/migrate";
import { dataDir } from "@/server/platform/data-dir";
import { readEnv } from "@/server/platform/env";
import { roomLog } from "@/server/platform/log";
import { ParsingThread } from "@/server/platform/parse-in-worker";
import { migrationsFolder, programRoot } from "@/server/platform/root";
import { secretKey, vaultKey } from "@/server/platform/secret-key";
import { ChangeFeed } from "./changes/change-feed";
import type { Context } from "./context";
import { ensureDefaults } from "./defaults";
import { readingInThreads } from "./lists/reading";

interface Opened {
  readonly context: Context;
  readonly close: () => Promise<void>;
}

declare global {
  var penstockServices: Opened | undefined;
}

function open(): Opened {
  const settings = readEnv(process.env, { insecure: true });
  const paths = dataDir(settings.home);
  mkdirSync(paths.tmp, { recursive: true, mode: 0o700 });
  const db = openDatabase(paths.database);
  if (schemaState(db, migrationsFolder()) !== "current") {
    db.$client.close();
    throw new Error("the database is not of this build; start Penstock with `npm start`, which migrates it first");
  }
  const parser = new ParsingThread();
  const log = roomLog("services");
  const feed = new ChangeFeed(db, paths, log);
  const reading = readingInThreads(paths.database);
  const context: Context = {
    db,
    dataDir: paths,
    now: () => new Date(),
    log,
    secret: secretKey(settings.home),
    vaultKey: () => vaultKey(settings.home),
    parse: (file) => parser.parse(file),
    readDocuments: (text) => parser.readDocuments(text),
    feed,
    reading,
    version: JSON.parse(readFileSync(join(programRoot(), "package.json"), "utf8")).version,
    slots: settings.slots,
  };
  ensureDefaults(db, context.now());
  return {
    context,
    close: async () => {
      feed.close();
      await Promise.all([parser.close(), reading.close()]);
      db.$client.close();
    },
  };
}

/** The services' context of this process. Throws when the database is missing or of another build. */
export function serverContext(): Context {
  globalThis.penstockServices ??= open();
  return globalThis.penstockServices.context;
}

/** Closes what `serverContext` opened; streams end. */
export async function closeServerContext(): Promise<void> {
  const opened = globalThis.penstockServices;
  globalThis.penstockServices = undefined;
  await opened?.close();
}
