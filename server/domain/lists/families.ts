/** Fields that come in families: `param.lr` is the member `lr` of `param`. */

/** The family of `param.lr` and its name in it; null for a field of its own. */
export function familyOf(field: string): { readonly family: string; readonly name: string } | null {
  const dot = field.indexOf(".");
  return dot < 1 ? null : { family: field.slice(0, dot), name: field.slice(dot + 1) };
}
