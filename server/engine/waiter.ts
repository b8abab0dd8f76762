/** Who waits while something takes its time: an environment that is built, an image that is pulled, a cluster that is away. */

/** Hears what happens and may give up. */
export interface Waiter {
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}
