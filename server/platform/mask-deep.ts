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
}

/** A command without known values; a variable that holds nothing but one is hidden however short it is. */
export function maskedCommand(masker: Masker, { argv, cwd, env }: Command): Command {
  const variables = Object.entries(env).map(([name, value]) => [name, masker.value(value)] as const);
  return { ...masked(masker, { argv, cwd }), env: Object.fromEntries(variables) };
}

function maskedAny(masker: Masker, value: unknown): unknown {
  if (typeof value === "string") return masker.text(value);
  if (Array.isArray(value)) return value.map((item) => maskedAny(masker, item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskedAny(masker, item)] as const));
}
