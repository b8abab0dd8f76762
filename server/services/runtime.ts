/** The one context of this process, opened when first asked for and kept across Next's module graphs. */
import type { Context } from "./context";

/** The services' context of this process. */
export function serverContext(): Context {
  throw new Error("not filled yet");
}
