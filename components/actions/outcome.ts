/** What came of an action on several things, each for itself, and the words for it. */

/** What an action is done to; the name is for messages. */
export interface Target {
  readonly id: string;
  readonly name: string;
}

export interface FailedTarget extends Target {
  readonly message: string;
}

export interface Outcome {
  readonly done: readonly Target[];
  readonly failed: readonly FailedTarget[];
  /** Where what was made can be seen. */
  readonly made?: { readonly label: string; readonly href: string };
}

/** `churn`, `3 pipelines`. */
export function targetsInWords(noun: string, targets: readonly Target[]): string {
  const [only] = targets;
  return targets.length === 1 && only !== undefined ? only.name : `${targets.length.toLocaleString("en")} ${noun}s`;
}

/** Does it to one after the other; what fails for one does not stop the rest. */
export async function oneByOne(
  targets: readonly Target[],
  call: (id: string) => Promise<unknown>,
  explain: (error: unknown) => string,
  onReached: (count: number) => void = () => {},
): Promise<Outcome> {
  const done: Target[] = [];
  const failed: FailedTarget[] = [];
  for (const target of targets) {
    try {
      await call(target.id);
      done.push(target);
    } catch (error) {
      failed.push({ ...target, message: explain(error) });
    }
    onReached(done.length + failed.length);
  }
  return { done, failed };
}
