/** Ends a switch over a union, so that a new member fails to compile instead of falling through. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
