/** The part of a file that a `Range` header asks for. */

/** Bytes from `from` to `to`, both included. `whole` = no range, or one that is not understood and so ignored. */
export type Range =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly from: number; readonly to: number }
  | { readonly kind: "unsatisfiable" };

/** Reads a header with a single range (RFC 9110, 14.2) against a file of `size` bytes. */
export function parseRange(header: string | undefined, size: number): Range {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (match === null || (first === "" && last === "")) return { kind: "whole" };
  if (first === "") {
    // The end of nothing is all of it.
    if (size === 0 && Number(last) > 0) return { kind: "whole" };
    const length = Math.min(Number(last), size);
    return length > 0 ? { kind: "part", from: size - length, to: size - 1 } : { kind: "unsatisfiable" };
  }
  const from = Number(first);
  const to = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < from) return { kind: "whole" };
  return from < size ? { kind: "part", from, to } : { kind: "unsatisfiable" };
}
