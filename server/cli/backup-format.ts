/** What a backup looks like: a .tar.gz whose first entry says what it is and whose last one how much it held. */
import { z } from "zod";

export const FIRST_ENTRY = "penstock-backup.json";
export const LAST_ENTRY = "penstock-backup-end.json";
export const DATABASE_ENTRY = "penstock.db";

/** Folders of the data directory that are kept; environments are built again, `tmp` and the locks mean nothing elsewhere. */
const KEPT_FOLDERS = ["blobs", "runs", "volumes"] as const;
/** The keys of sessions and of sealed secrets. `server.json` belongs to the server that runs and is not kept. */
export const KEPT_FILES = ["secret.key", "vault.key"] as const;

export const Manifest = z.object({
  format: z.literal(1),
  /** The Penstock that made it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** The data directory that it was made of. */
  home: z.string(),
  runs: z.number().int(),
});
export type Manifest = z.infer<typeof Manifest>;

export const Totals = z.object({ files: z.number().int(), bytes: z.number().int() });
export type Totals = z.infer<typeof Totals>;

/** Whether an entry of an archive may be written below the data directory, by its name alone. */
export function isKeptName(name: string): boolean {
  const [top = "", ...rest] = name.split("/");
  const isPlain = rest.every((part) => part !== "" && part !== "." && part !== "..") && !name.includes("\0");
  if (!isPlain) return false;
  if (rest.length === 0) return [DATABASE_ENTRY, ...KEPT_FILES, ...KEPT_FOLDERS].some((kept) => kept === top);
  return KEPT_FOLDERS.some((kept) => kept === top);
}
