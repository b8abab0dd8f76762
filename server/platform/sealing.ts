/** Seals texts for storage (AES-256-GCM), so that only who has the key reads them and no change goes unnoticed. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const FORM = "v1.";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed text is and belongs to; bound into it, so that it cannot be put in another one's place. */
export type SealedFor = readonly string[];

const bound = (place: SealedFor): Buffer => Buffer.from(JSON.stringify(place));

/** Seals `text` under a key of 32 bytes; the same text never looks the same twice. */
export function seal(key: Uint8Array, place: SealedFor, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bound(place));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return FORM + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
}

/** The text that was sealed; null when it was changed, moved or sealed under another key. */
export function unseal(key: Uint8Array, place: SealedFor, sealed: string): string | null {
  if (!sealed.startsWith(FORM)) return null;
  const bytes = Buffer.from(sealed.slice(FORM.length), "base64url");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(bound(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
