/** Secrets and config maps: rows of names and of values as they are stored, sealed or plain. */
import { and, asc, eq } from "drizzle-orm";
import type { Db, Executor } from "@/db/client";
import { pastSecretValue, secret, secretValue } from "@/db/schema";
import { preparedFor } from "./statements";

export type SecretRow = typeof secret.$inferSelect;
export type SecretValueRow = typeof secretValue.$inferSelect;

/** A sealed value and what it is bound to. */
export interface SealedRow {
  readonly secretName: string;
  readonly name: string;
  readonly versionId: string;
  readonly value: string;
}

/** The secret or config map of this name. */
export function findSecret(db: Executor, name: string): SecretRow | undefined {
  return db.select().from(secret).where(eq(secret.name, name)).get();
}

/** All of them by name. */
export function listSecretRows(db: Executor): SecretRow[] {
  return db.select().from(secret).orderBy(asc(secret.name)).all();
}

/** The values of one secret by name. */
export function valuesOfSecret(db: Executor, secretKey: number): SecretValueRow[] {
  return db.select().from(secretValue).where(eq(secretValue.secretKey, secretKey)).orderBy(asc(secretValue.name)).all();
}

/** Every sealed value there is or was. */
export function listSealedRows(db: Executor): SealedRow[] {
  const current = db
    .select({
      secretName: secret.name,
      name: secretValue.name,
      versionId: secretValue.versionId,
      value: secretValue.value,
    })
    .from(secretValue)
    .innerJoin(secret, eq(secret.key, secretValue.secretKey))
    .where(eq(secret.isShown, false))
    .all();
  const past = db
    .select({
      secretName: pastSecretValue.secretName,
      name: pastSecretValue.name,
      versionId: pastSecretValue.versionId,
      value: pastSecretValue.value,
    })
    .from(pastSecretValue)
    .all();
  return [...current, ...past];
}

/** Asked at every start and every end of a step. */
const versionsStatement = preparedFor(({ $client: client }) =>
  client
    .prepare(
      `select group_concat(version, ' ') from (
         select v.version_id as version from secret_value v join secret s on s.key = v.secret_key where s.is_shown = 0
         union all select version_id from past_secret_value
         order by 1)`,
    )
    .pluck(),
);

/** Tells two states of the sealed values apart; empty when there are none. */
export const sealedVersions = (db: Db): string => (versionsStatement(db).get() as string | null) ?? "";

/** Adds a secret and returns its key. */
export function insertSecret(db: Executor, row: Omit<SecretRow, "key">): number {
  return db.insert(secret).values(row).returning({ key: secret.key }).get().key;
}

/** Changes columns of a secret. */
export function updateSecretRow(
  db: Executor,
  key: number,
  change: Partial<Pick<SecretRow, "isShown" | "description" | "updatedAt">>,
): void {
  db.update(secret).set(change).where(eq(secret.key, key)).run();
}

/** Removes a secret with its values. */
export function deleteSecretRow(db: Executor, key: number): void {
  db.delete(secret).where(eq(secret.key, key)).run();
}

/** Sets a value, or replaces the one of that name. */
export function putSecretValue(db: Executor, row: SecretValueRow): void {
  const { value, versionId, updatedAt } = row;
  db.insert(secretValue)
    .values(row)
    .onConflictDoUpdate({
      target: [secretValue.secretKey, secretValue.name],
      set: { value, versionId, updatedAt },
    })
    .run();
}

/** Removes one value. */
export function deleteSecretValue(db: Executor, secretKey: number, name: string): void {
  db.delete(secretValue)
    .where(and(eq(secretValue.secretKey, secretKey), eq(secretValue.name, name)))
    .run();
}

/** Keeps a sealed value that is about to go. */
export function keepPastValue(db: Executor, row: SealedRow & { readonly replacedAt: Date }): void {
  db.insert(pastSecretValue).values(row).onConflictDoNothing().run();
}
