/** Creates a secret or config map, or changes what is given of one. Values of secrets are sealed and never told again. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import {
  deleteSecretValue,
  findSecret,
  insertSecret,
  putSecretValue,
  type SecretRow,
  type SecretValueRow,
  updateSecretRow,
  valuesOfSecret,
} from "@/db/queries/secrets";
import { newId } from "@/server/domain/ids";
import type { SaveSecretInput } from "@/server/domain/inputs/surroundings";
import { ProblemError } from "@/server/domain/problem-error";
import type { SecretView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { secretRow } from "./get-secret";
import { keepForMasking } from "./past-values";
import { openValue, sealValue } from "./sealed-value";
import { secretView } from "./secret-view";

/**
 * Saves what is given; a value of null removes that key, an equal one changes nothing. Throws `not-found` for a key
 * that is to be removed and is not there, `conflict` where a secret would be shown without its values given anew.
 */
export async function saveSecret(context: Context, input: SaveSecretInput): Promise<SecretView> {
  return write(context.db, (tx) => {
    const at = context.now();
    const before = findSecret(tx, input.name) ?? created(tx, input, at);
    const stored = valuesOfSecret(tx, before.key);
    const isShown = input.isShown ?? before.isShown;
    const given = new Map(Object.entries(input.values));
    if (isShown && !before.isShown) refuseToShow(input.name, given, stored);
    for (const name of new Set([...stored.map((row) => row.name), ...given.keys()])) {
      const old = stored.find((row) => row.name === name);
      saveValue(context, tx, { before, isShown, name, old, given: given.get(name), at });
    }
    const { description = before.description } = input;
    updateSecretRow(tx, before.key, { isShown, description, updatedAt: at });
    addEvent(tx, { at, topic: "system", subject: null, kind: "secrets" });
    return secretView(context, secretRow(context, input.name));
  });
}

function created(tx: Db, { name, isShown = false, description = "" }: SaveSecretInput, at: Date): SecretRow {
  const row = { name, isShown, description, createdAt: at, updatedAt: at };
  return { ...row, key: insertSecret(tx, row) };
}

function refuseToShow(
  name: string,
  given: ReadonlyMap<string, string | null>,
  stored: readonly SecretValueRow[],
): void {
  const kept = stored.map((row) => row.name).filter((key) => !given.has(key));
  if (kept.length === 0) return;
  throw new ProblemError(
    "conflict",
    `${name} is a secret; as a config map it would show what it holds. Give these values anew, or remove them: ${kept.join(", ")}.`,
  );
}

interface ValueChange {
  readonly before: SecretRow;
  readonly isShown: boolean;
  readonly name: string;
  readonly old: SecretValueRow | undefined;
  /** Undefined leaves the value as it is, null removes it. */
  readonly given: string | null | undefined;
  readonly at: Date;
}

function saveValue(context: Context, tx: Db, change: ValueChange): void {
  const { before, isShown, name, old, given, at } = change;
  if (given === null) {
    if (old === undefined) throw new ProblemError("not-found", `${before.name} holds no value named ${name}.`);
    keepForMasking(tx, before, old, at);
    deleteSecretValue(tx, before.key, name);
    return;
  }
  const known = old === undefined ? null : openedValue(context, before, old);
  const value = given ?? known;
  const isSame = old !== undefined && value === known;
  if (value === null || (isSame && isShown === before.isShown)) return;
  if (old !== undefined && !isSame) keepForMasking(tx, before, old, at);
  const versionId = isSame ? old.versionId : newId();
  const place = { secretName: before.name, name, versionId };
  putSecretValue(tx, {
    secretKey: before.key,
    name,
    value: isShown ? value : sealValue(keyOf(context), place, value),
    versionId,
    updatedAt: isSame ? old.updatedAt : at,
  });
}

/** What a row holds; null when it cannot be opened, so that any value given counts as another one. */
const openedValue = (context: Context, { name, isShown }: SecretRow, row: SecretValueRow): string | null =>
  isShown ? row.value : openValue(keyOf(context), { ...row, secretName: name });

function keyOf(context: Context): Uint8Array {
  try {
    return context.vaultKey();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new ProblemError("unavailable", `The key of the secrets cannot be read: ${words}.`);
  }
}
