/** Writes of versions, their texts, files and blobs; always inside the caller's transaction. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { blob, version, versionFile, versionSpec } from "@/db/schema";
import type { FileRow } from "./version-rows";

export type NewVersion = Omit<typeof version.$inferInsert, "key" | "deletedAt">;
export type NewSpec = Omit<typeof versionSpec.$inferInsert, "versionKey">;

/** Adds a version whole: its row, its text and graph, its files. Returns its key. */
export function insertVersion(db: Executor, row: NewVersion, spec: NewSpec, files: readonly FileRow[]): number {
  const { key } = db.insert(version).values(row).returning({ key: version.key }).get();
  db.insert(versionSpec)
    .values({ versionKey: key, ...spec })
    .run();
  replaceFiles(db, key, files, row.createdAt);
  return key;
}

/** Completes an Incomplete version: guarded, so that two completions cannot both win over different reads. */
export function completeVersionRow(
  db: Executor,
  key: number,
  from: { readonly digest: string },
  to: Pick<NewVersion, "digest" | "state"> &
    Pick<NewSpec, "missing" | "specFile" | "graph" | "problems"> & { readonly at: Date },
  files: readonly FileRow[],
): boolean {
  const moved = db
    .update(version)
    .set({ digest: to.digest, state: to.state })
    .where(sql`${version.key} = ${key} and ${version.state} = 'incomplete' and ${version.digest} = ${from.digest}`)
    .run();
  if (moved.changes === 0) return false;
  const { missing, specFile, graph, problems } = to;
  db.update(versionSpec).set({ missing, specFile, graph, problems }).where(eq(versionSpec.versionKey, key)).run();
  replaceFiles(db, key, files, to.at);
  return true;
}

function replaceFiles(db: Executor, versionKey: number, files: readonly FileRow[], at: Date): void {
  db.delete(versionFile).where(eq(versionFile.versionKey, versionKey)).run();
  for (const file of files) {
    db.insert(blob).values({ digest: file.digest, size: file.size, createdAt: at }).onConflictDoNothing().run();
    db.insert(versionFile)
      .values({ versionKey, ...file })
      .run();
  }
}

/** Changes what a version is called. */
export function setVersionTitle(db: Executor, key: number, displayName: string): void {
  db.update(version).set({ displayName }).where(eq(version.key, key)).run();
}

/** Soft deletion of a version, and its undoing. */
export function setVersionDeleted(db: Executor, key: number, deletedAt: Date | null): void {
  db.update(version).set({ deletedAt }).where(eq(version.key, key)).run();
}

/** Whether another version of its pipeline that is not deleted has its name. */
export const isVersionNameTaken = (db: Executor, key: number): boolean =>
  db.get(sql`select 1 from ${version} o join ${version} own on own.key = ${key}
    where o.pipeline_key = own.pipeline_key and o.name = own.name and o.key <> own.key and o.deleted_at is null`) !==
  undefined;

/** Which of these digests no row knows; their files may be removed. */
export function unknownBlobs(db: Executor, digests: readonly string[]): string[] {
  return digests.filter((digest) => db.get(sql`select 1 from ${blob} where ${blob.digest} = ${digest}`) === undefined);
}
