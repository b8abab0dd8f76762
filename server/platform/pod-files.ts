/** What a pod may fetch and bring, written down in its attempt's folder: the engine grants it, the web process keeps to it. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ATTEMPT_FILES } from "./data-dir";

/**
 * How what a pod wrote comes back: everything, only what is newer than its start (a folder that others write to as
 * well), or nothing.
 */
const RETURNS = ["all", "newer", "nothing"] as const;

const Grant = z.object({
  /** SHA-256 of the token, which nobody keeps. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  mounts: z.array(z.object({ path: z.string(), isWritable: z.boolean(), returns: z.enum(RETURNS) })),
});

export type PodGrant = z.infer<typeof Grant>;

const digestOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Grants a new token for the files of one attempt; it is good until the attempt's end is written down. */
export function grantPodFiles(directory: string, mounts: PodGrant["mounts"]): string {
  const token = randomBytes(32).toString("base64url");
  const grant: PodGrant = { digest: digestOf(token), mounts };
  writeFileSync(join(directory, ATTEMPT_FILES.grant), JSON.stringify(grant), { mode: 0o600 });
  return token;
}

/** What a token is good for in an attempt's folder; null where it is not, or not any more. */
export function podGrant(directory: string, token: string): PodGrant | null {
  try {
    const grant = Grant.parse(JSON.parse(readFileSync(join(directory, ATTEMPT_FILES.grant), "utf8")));
    const isGood = timingSafeEqual(Buffer.from(digestOf(token)), Buffer.from(grant.digest));
    return isGood && !existsSync(join(directory, ATTEMPT_FILES.ended)) ? grant : null;
  } catch {
    return null;
  }
}
