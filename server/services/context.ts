/** What every service is given: the database, the data directory, the clock and the server's own log, never found by itself. */
import type { Db } from "@/db/client";
import type { ParseOutcome } from "@/pipelines/graph";
import type { DataDir } from "@/server/platform/data-dir";

/** The server's own log; pino's loggers are of this shape. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface PipelineText {
  readonly fileName: string;
  readonly text: string;
}

export interface Context {
  readonly db: Db;
  readonly dataDir: DataDir;
  readonly now: () => Date;
  readonly log: Log;
  /** Signs page tokens; the same for every process of an installation. */
  readonly secret: Uint8Array;
  /** Reads a pipeline text under limits of time and memory, never on the caller's thread. */
  readonly parse: (pipeline: PipelineText) => Promise<ParseOutcome>;
  /** This build, as the status line shows it. */
  readonly version: string;
}
