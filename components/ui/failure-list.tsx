/** What could not be changed and why, as a message shows it. */

export interface FailedTarget {
  readonly id: string;
  readonly name: string;
  readonly message: string;
}

/** Each by its name; a long list scrolls. */
export function FailureList({ failed }: { readonly failed: readonly FailedTarget[] }) {
  return (
    <ul className="mt-1 max-h-32 overflow-auto">
      {failed.map(({ id, name, message }) => (
        <li key={id}>
          {name}: {message}
        </li>
      ))}
    </ul>
  );
}
