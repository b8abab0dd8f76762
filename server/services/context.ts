/** What every service is given: the database, the data directory, the clock and the server's own log, never found by itself. */
import type { Db } from "@/db/client";
import type { PipelineFile, PipelineOutcome } from "@/pipelines";
import type { JsonValue } from "@/pipelines/graph";
import type { DataDir } from "@/server/platform/data-dir";
import type { Log } from "@/server/platform/log";
import type { ChangeFeed } from "./changes/change-feed";
import type { Reading } from "./lists/reading";

export interface Context {
  readonly db: Db;
  readonly dataDir: DataDir;
  readonly now: () => Date;
  readonly log: Pick<Log, "debug" | "info" | "warn" | "error">;
  /** Signs page tokens; the same for every process of an installation. */
  readonly secret: Uint8Array;
  /** Seals the values of secrets; read when it is needed. */
  readonly vaultKey: () => Uint8Array;
  /** Reads a pipeline text under limits of time and memory, never on the caller's thread. */
  readonly parse: (file: PipelineFile) => Promise<PipelineOutcome>;
  /** The documents of a text that was accepted before, under the same limits. */
  readonly readDocuments: (text: string) => Promise<readonly JsonValue[]>;
  readonly feed: ChangeFeed;
  /** Where questions go that may take long. */
  readonly reading: Reading;
  /** This build, as the status line shows it. */
  readonly version: string;
  /** Steps at once on this machine, shown while no engine has said it. */
  readonly slots: number;
}
