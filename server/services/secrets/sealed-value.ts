/** Seals and opens the values of secrets, each bound to its secret, its name and its version. */
import type { SealedRow } from "@/db/queries/secrets";
import { seal, unseal } from "@/server/platform/sealing";

type Place = Omit<SealedRow, "value">;

const placeOf = ({ secretName, name, versionId }: Place) => ["secret", secretName, name, versionId];

/** The text to store for a value. */
export const sealValue = (key: Uint8Array, place: Place, value: string): string => seal(key, placeOf(place), value);

/** The value that a row holds; null when the row was changed or the key is another one. */
export const openValue = (key: Uint8Array, row: SealedRow): string | null => unseal(key, placeOf(row), row.value);
