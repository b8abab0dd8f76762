/** Identity of a version: equal for the same text with the same files, whatever they were called on the way here. */
import { createHash } from "node:crypto";

/** SHA-256, hex, over the text and the sorted paths with their content hashes. */
export function versionDigest(
  text: string,
  files: readonly { readonly path: string; readonly digest: string }[],
): string {
  const hash = createHash("sha256").update(createHash("sha256").update(text).digest());
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, digest } of sorted) hash.update(`${path}\0${digest}\n`);
  return hash.digest("hex");
}
