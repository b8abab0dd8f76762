/** Expands `$(NAME)` in the environment of a container as Kubernetes does. */

/**
 * The variables of a step in order; each may use what stands before it and what the step inherits.
 * `$$` stands for one dollar sign, and a name nobody knows is left as written.
 */
export function expandEnvironment(
  variables: readonly { readonly name: string; readonly value: string }[],
  inherited: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const known = new Map(inherited);
  const expanded = new Map<string, string>();
  for (const { name, value } of variables) {
    const text = value.replace(/\$\$|\$\(([^)]*)\)/g, (whole, reference: string | undefined) =>
      reference === undefined ? "$" : (known.get(reference) ?? whole),
    );
    known.set(name, text);
    expanded.set(name, text);
  }
  return expanded;
}
