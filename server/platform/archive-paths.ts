/** Decides over the names in an archive: which may be written, and which are clutter. */

/** Folders inside folders that an archive may hold. */
const MAX_DEPTH = 32;
const MAX_SEGMENT_BYTES = 200;

/** Why a name may not be written below a directory; null when it may. Names use `/`. */
export function entryNameProblem(name: string): string | null {
  const shown = JSON.stringify(name.length <= 120 ? name : `${name.slice(0, 119)}…`);
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return `The entry ${shown} has an absolute path.`;
  const segments = name.split("/");
  if (segments.includes("..")) return `The entry ${shown} points outside the archive with "..".`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(name) || /\p{Surrogate}/u.test(name))
    return `The entry ${shown} has a name that no file can have.`;
  if (segments.some((segment) => segment === "" || segment === "."))
    return `The entry ${shown} has an empty part in its path.`;
  if (segments.length > MAX_DEPTH) return `The entry ${shown} lies more than ${MAX_DEPTH} folders deep.`;
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES))
    return `The entry ${shown} has a name that is too long.`;
  return null;
}

/** What systems add to archives on their own; never part of a pipeline. */
export function isClutter(name: string): boolean {
  return name.startsWith("__MACOSX/") || /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(name);
}
