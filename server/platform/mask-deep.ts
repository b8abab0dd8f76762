/** Hides known values in every text of a JSON value; names of fields stay. */
import type { Masker } from "./masking";

/** A copy without known values; the same value when there is nothing to hide. */
export function masked<T>(masker: Masker, value: T): T {
  return masker.reach === 0 ? value : (maskedAny(masker, value) as T);
}

/** The same in these fields alone: a code or a state that happens to read like a secret stays what programs know. */
export function maskedIn<T extends object>(masker: Masker, view: T, ...fields: readonly (keyof T)[]): T {
  if (masker.reach === 0) return view;
  const told = fields.map((field) => [field, maskedAny(masker, view[field])] as const);
  return { ...view, ...Object.fromEntries(told) };
}

interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  /** Variables that are known to hold a secret. */
  readonly secrets?: readonly string[];
}

/**
 * A command without known values, and the names of the variables that held one; a variable that holds nothing but one
 * is hidden however short it is.
 */
export function maskedCommand<C extends Command>(
  masker: Masker,
  command: C,
): C & { readonly secrets: readonly string[] } {
  const variables = Object.entries(command.env).map(([name, value]) => [name, value, masker.value(value)] as const);
  const hidden = variables.filter(([, value, shown]) => value !== shown).map(([name]) => name);
  return {
    ...masked(masker, command),
    env: Object.fromEntries(variables.map(([name, , shown]) => [name, shown])),
    secrets: [...new Set([...(command.secrets ?? []), ...hidden])],
  };
}

function maskedAny(masker: Masker, value: unknown): unknown {
  if (typeof value === "string") return masker.text(value);
  if (Array.isArray(value)) return value.map((item) => maskedAny(masker, item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskedAny(masker, item)] as const));
}
