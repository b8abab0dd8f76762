/** A text as it is compared line by line: JSON that was written on one line is laid out, all else is left as it is. */
export function laidOut(text: string): string {
  if (text.trimEnd().includes("\n") || !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
