/** What hides the values of all secrets, those that were replaced or removed too, wherever a log or a message is read. */
import type { Db } from "@/db/client";
import { listSealedRows, sealedVersions } from "@/db/queries/secrets";
import type { Log } from "@/server/platform/log";
import { type Masker, maskerOf, NO_MASKER } from "@/server/platform/masking";
import { formsOf } from "@/server/platform/secret-forms";
import { openValue } from "./sealed-value";

export interface MaskerSource {
  readonly db: Db;
  /** What opens the values. */
  readonly vaultKey: () => Uint8Array;
  readonly log: Pick<Log, "warn">;
}

interface Made {
  readonly state: string;
  readonly masker: Masker;
}

const made = new WeakMap<Db, Made>();

/** Null while the key file is damaged: then no value can be given to a step either. */
function keyOf({ vaultKey, log }: MaskerSource): Uint8Array | null {
  try {
    return vaultKey();
  } catch (error) {
    log.warn({ err: error }, "the key of the secrets cannot be read");
    return null;
  }
}

function valuesOf({ db, log }: MaskerSource, key: Uint8Array | null): string[] {
  const rows = listSealedRows(db);
  const values = rows.flatMap((row) => (key === null ? [] : (openValue(key, row) ?? [])));
  const unreadable = rows.length - values.length;
  if (unreadable > 0) log.warn({ unreadable }, "values of secrets cannot be opened, so they are not hidden");
  return values;
}

/** The masker as the stored values are now, made anew only when they or their key have changed. */
export function secretMasker(source: MaskerSource): Masker {
  const versions = sealedVersions(source.db);
  if (versions === "") return NO_MASKER;
  const key = keyOf(source);
  const state = `${versions} ${key === null ? "" : Buffer.from(key).toString("hex")}`;
  const known = made.get(source.db);
  if (known?.state === state) return known.masker;
  const masker = maskerOf(valuesOf(source, key).flatMap(formsOf));
  made.set(source.db, { state, masker });
  return masker;
}
