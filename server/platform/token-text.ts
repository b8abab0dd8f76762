/** The text of an API token: a word that scanners for leaked secrets find, and 256 random bits. */
import { createHash, randomBytes } from "node:crypto";

const WORD = "penstock_";
const SHOWN = WORD.length + 6;

/** A new token; nothing of it may be stored but its hash and its prefix. */
export const newTokenText = (): string => `${WORD}${randomBytes(32).toString("base64url")}`;

/** Whether a text may be a token at all, so that nothing else is looked up. */
export const isTokenText = (text: string): boolean => /^penstock_[\w-]{43}$/.test(text);

/** SHA-256 of a token, hex. Its 256 random bits need no slow hash. */
export const tokenHash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What may be shown of a token: it tells tokens apart, and leaves 220 bits unknown. */
export const tokenPrefix = (text: string): string => text.slice(0, SHOWN);
