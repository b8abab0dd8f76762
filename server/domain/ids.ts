/** Identity of what people and clients name: how ids are made, what they may look like, and which words they never mix with. */

/** What an id given from outside must look like: no dots, slashes or blanks, so it cannot be taken for a path. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A fresh random id (UUID version 4). */
export function newId(): string {
  return crypto.randomUUID();
}

/** Whether a text may be an id at all. */
export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}
