/** One-time sign-in codes, by their hash. */
import { and, eq, gt, isNull, lte } from "drizzle-orm";
import type { Executor } from "../client";
import { signInCode } from "../schema";

/** Keeps a new code and drops those made before `expired`. */
export function insertSignInCode(db: Executor, hash: string, now: Date, expired: Date): void {
  db.delete(signInCode).where(lte(signInCode.createdAt, expired)).run();
  db.insert(signInCode).values({ hash, createdAt: now }).run();
}

/** Marks the code as used if it was made after `expired` and is still unused; says whether it was. */
export function spendSignInCode(db: Executor, hash: string, now: Date, expired: Date): boolean {
  const { changes } = db
    .update(signInCode)
    .set({ usedAt: now })
    .where(and(eq(signInCode.hash, hash), isNull(signInCode.usedAt), gt(signInCode.createdAt, expired)))
    .run();
  return changes === 1;
}
