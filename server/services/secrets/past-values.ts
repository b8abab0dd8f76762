/** Keeps values that are about to go, sealed as they are: the logs of earlier attempts go on hiding them. */
import type { Db } from "@/db/client";
import { keepPastValue, type SecretRow, type SecretValueRow } from "@/db/queries/secrets";

/** Keeps a value of a secret; those of a config map were never hidden. Call it before the value changes. */
export function keepForMasking(tx: Db, secret: SecretRow, { name, value, versionId }: SecretValueRow, at: Date): void {
  if (!secret.isShown) keepPastValue(tx, { secretName: secret.name, name, value, versionId, replacedAt: at });
}
