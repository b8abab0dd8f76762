/** One-time codes that bring the token's right into a browser by a link: good once, within ten minutes. */
import { randomBytes } from "node:crypto";
import { type Db, transact } from "@/db/client";
import { insertSignInCode, spendSignInCode } from "@/db/queries/sign-in-codes";
import { sha256 } from "./credentials";

const LIFETIME_MS = 10 * 60 * 1000;

const hashOf = (code: string): string => sha256(code).toString("hex");
const expiryAt = (now: Date): Date => new Date(now.getTime() - LIFETIME_MS);

/** Makes a new code; only its hash is kept. */
export async function issueSignInCode(db: Db, now: Date): Promise<string> {
  const code = randomBytes(18).toString("base64url");
  await transact(db, (tx) => insertSignInCode(tx, hashOf(code), now, expiryAt(now)));
  return code;
}

/** Uses a code up; false when it is unknown, too old or was used before. */
export const redeemSignInCode = (db: Db, code: string, now: Date): Promise<boolean> =>
  transact(db, (tx) => spendSignInCode(tx, hashOf(code), now, expiryAt(now)));
