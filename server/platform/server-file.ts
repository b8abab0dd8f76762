/** `server.json` in the data directory: where the running server is and the token that opens it. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { dataDir } from "./data-dir";
import { writeSecretFile } from "./secret-file";

const ServerFile = z.object({
  /** Address of the server, `http://127.0.0.1:4270`. */
  address: z.string(),
  token: z.string().min(1),
  /** Process id of the supervisor. */
  pid: z.number().int(),
});
export type ServerFile = z.infer<typeof ServerFile>;

/** What the last server of this data directory wrote, or null when none has (or the file is damaged). */
export function readServerFile(home: string): ServerFile | null {
  try {
    return ServerFile.parse(JSON.parse(readFileSync(dataDir(home).serverFile, "utf8")));
  } catch {
    return null;
  }
}

/** Replaces the file in one step; only its owner can read it. */
export function writeServerFile(home: string, file: ServerFile): void {
  writeSecretFile(dataDir(home).serverFile, `${JSON.stringify(file)}\n`);
}
