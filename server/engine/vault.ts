/** What the engine gives steps by name: the values of secrets and config maps, and the directories of volumes. */
import { mkdirSync, statSync } from "node:fs";
import type { Db } from "@/db/client";
import { findSecret, valuesOfSecret } from "@/db/queries/secrets";
import { findVolume } from "@/db/queries/volumes";
import type { DataDir } from "@/server/platform/data-dir";
import type { Log } from "@/server/platform/log";
import { secretMasker } from "@/server/services/secrets/masker";
import { openValue } from "@/server/services/secrets/sealed-value";
import { StartRefusal, type Vault } from "./attempts/contract";

export interface VaultOptions {
  readonly db: Db;
  readonly dataDir: DataDir;
  /** Asked for each time, so that a key file put back from a backup counts at once. */
  readonly key: () => Uint8Array;
  readonly log: Pick<Log, "warn">;
}

const unreadable = (secretName: string, name: string): StartRefusal =>
  new StartRefusal({
    code: "cannot-start",
    message: `The value ${name} of the secret ${secretName} cannot be opened: its row was changed, or vault.key in the data directory is not the one it was sealed with. Put that file back, or give the value anew.`,
    subject: secretName,
  });

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The vault over the engine's database; nothing of it is kept between two questions. Throws `StartRefusal`. */
export function engineVault({ db, dataDir, key, log }: VaultOptions): Vault {
  return {
    values(name) {
      const found = findSecret(db, name);
      if (found === undefined) return undefined;
      const opened = valuesOfSecret(db, found.key).map((row) => {
        const value = found.isShown ? row.value : openValue(key(), { ...row, secretName: name });
        if (value === null) throw unreadable(name, row.name);
        return [row.name, value] as const;
      });
      return { isShown: found.isShown, values: Object.assign(Object.create(null), Object.fromEntries(opened)) };
    },

    masker: () => secretMasker({ db, vaultKey: key, log }),

    volume(name) {
      const found = findVolume(db, name);
      if (found === undefined) return undefined;
      if (found.path === null) {
        const managed = dataDir.volume(found.key);
        mkdirSync(managed, { recursive: true, mode: 0o700 });
        return managed;
      }
      if (isDirectory(found.path)) return found.path;
      throw new StartRefusal({
        code: "missing-file",
        message: `The volume ${name} stands for ${found.path}, which is no directory now. Make it, or give the volume another path.`,
        subject: name,
      });
    },
  };
}
