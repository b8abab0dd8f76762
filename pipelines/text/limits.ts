/** The limits every pipeline text is held to, and the problems that say so. */
import type { Problem } from "../graph";

/** One document may hold at most this many bytes of UTF-8. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024;
/** Lists and mappings may nest this deep; real pipelines stay below 40. */
export const MAX_NESTING = 200;
/** Values in one text; keeps a file of `[],[],[]…` from filling the memory. */
export const MAX_VALUES = 2_000_000;

/** Keys that reach an object's prototype in JavaScript; no format needs them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a key may not be used in any pipeline text. */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

/** A place in a text as people read it, counted from 1. */
export function lineAndColumn(text: string, offset: number): string {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return `line ${line}, column ${offset - lineStart + 1}`;
}

/** A problem that refuses a text at upload. */
export function textProblem(rule: string, place: string, message: string): Problem {
  return { severity: "error", stage: "upload", rule, place, message };
}

/** Raised inside a reader and caught at its edge; never leaves this room. */
export class TextRefused extends Error {
  constructor(
    readonly rule: string,
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** The problem for a key no text may use. */
export function forbiddenKey(key: string, offset: number): TextRefused {
  return new TextRefused("forbidden-key", offset, `The key "${key}" is not allowed. Rename it.`);
}

/** The problem for a key that stands twice in one mapping. */
export function duplicateKey(key: string, offset: number): TextRefused {
  return new TextRefused(
    "duplicate-key",
    offset,
    `The key ${JSON.stringify(shorten(key))} appears twice in the same mapping. Remove or rename one of them.`,
  );
}

/** The problem for a text that nests beyond the limit. */
export function tooDeep(offset: number): TextRefused {
  return new TextRefused(
    "too-deep",
    offset,
    `The text nests more than ${MAX_NESTING} levels deep. Flatten it, or check that it is a pipeline.`,
  );
}

/** The problem for a text that holds more values than the limit. */
export function tooManyValues(offset: number): TextRefused {
  return new TextRefused(
    "too-large",
    offset,
    `The text holds more than ${MAX_VALUES.toLocaleString("en")} values. Split the pipeline.`,
  );
}

/** The problem of a text that is over the size limit, or null; for long texts the bytes are counted. */
export function sizeProblem(text: string): Problem | null {
  if (text.length * 3 <= MAX_TEXT_BYTES) return null;
  if (text.length <= MAX_TEXT_BYTES && utf8Length(text) <= MAX_TEXT_BYTES) return null;
  return textProblem(
    "too-large",
    "the whole text",
    `The text is larger than ${MAX_TEXT_BYTES / 1024 / 1024} MiB. Keep data out of the pipeline and pass it as a file or an artifact.`,
  );
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) bytes += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** A name short enough to stand in a message. */
export function shorten(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 79)}…`;
}
