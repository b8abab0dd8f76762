/** Services on a real database file and a real data directory, for tests. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "@/db/testing";
import { parsePipeline } from "@/pipelines";
import { readYamlDocuments } from "@/pipelines/text/yaml";
import { dataDir } from "@/server/platform/data-dir";
import { roomLog } from "@/server/platform/log";
import { vaultKey } from "@/server/platform/secret-key";
import { ChangeFeed } from "./changes/change-feed";
import type { Context } from "./context";
import { ensureDefaults } from "./defaults";
import { readingHere } from "./lists/reading";
import type { ReceivedFile } from "./uploads/received";

export interface TestServices {
  readonly context: Context;
  /** Moves the clock of the services. */
  readonly advance: (ms: number) => void;
  /** A file as the server receives it: in `tmp`, measured and hashed. */
  readonly receive: (path: string, content: string | Uint8Array) => ReceivedFile;
  readonly close: () => void;
}

/** Opens services in a fresh directory; the clock stands still at a known moment until it is moved. */
export function testServices(): TestServices {
  const home = mkdtempSync(join(tmpdir(), "penstock-services-"));
  const paths = dataDir(home);
  mkdirSync(paths.tmp, { recursive: true });
  const db = testDatabase(paths.database);
  let nowMs = Date.parse("2026-11-21T10:00:00.000Z");
  const log = roomLog("test");
  const context: Context = {
    db,
    dataDir: paths,
    now: () => new Date(nowMs),
    log,
    secret: randomBytes(32),
    vaultKey: () => vaultKey(home),
    parse: async (file) => parsePipeline(file),
    readDocuments: async (text) => {
      const yaml = readYamlDocuments(text);
      return yaml.ok ? yaml.value : [];
    },
    feed: new ChangeFeed(db, paths, log),
    reading: readingHere(db),
    version: "0.0.0",
    slots: 2,
  };
  ensureDefaults(db, context.now());
  let received = 0;
  return {
    context,
    advance: (ms) => {
      nowMs += ms;
    },
    receive: (path, content) => {
      received += 1;
      const tmpFile = join(paths.tmp, `received-${received}`);
      writeFileSync(tmpFile, content);
      const bytes = Buffer.from(content);
      return { path, tmpFile, size: bytes.length, digest: createHash("sha256").update(bytes).digest("hex") };
    },
    close: () => {
      context.feed.close();
      db.$client.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
