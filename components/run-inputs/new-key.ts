/** A key for a form, so that sending it twice does once what it asks for. */

/** Random, and fit for a header. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
