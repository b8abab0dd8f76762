/** Paths and wildcard patterns inside a bundle: normalised, `/` separated, `../` kept where it leads upwards. */

/** The folder of a path; `""` at the top. */
export function folderOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "" : path.slice(0, cut);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Longer than any file system takes. */
const LONGEST_PATH = 4_096;

/**
 * `path` as seen from where `folder` is relative to; `""` is that place itself.
 * Null for what can never be in a bundle: absolute paths, drive letters, home folders, NUL, texts over 4,096 characters.
 */
export function joinPath(folder: string, path: string): string | null {
  if (/^(?:[/\\~]|[A-Za-z]:[/\\])/.test(path) || path.includes("\0")) return null;
  if (path.length > LONGEST_PATH) return null;
  const kept: string[] = [];
  for (const segment of `${folder}/${path}`.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else kept.push(segment);
  }
  return kept.join("/");
}

/** A normalised path as seen from a folder of the same tree; the way back of `joinPath`. */
export function seenFrom(folder: string, path: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = path.split("/");
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
}

/** How many folders above its starting point a normalised path leads. */
export function levelsUp(path: string): number {
  let levels = 0;
  for (const segment of path.split("/")) {
    if (segment !== "..") break;
    levels += 1;
  }
  return levels;
}

/** Whether a text asks for several files. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A pattern cut into the folder that is written out and the rest that holds the wildcards. */
export interface Pattern {
  readonly folder: string;
  readonly wildcards: string;
  /** Whether `*` also crosses `/` (Elyra's *include subdirectories*). */
  readonly crosses: boolean;
}

/** Reads a dependency of a file in `folder`; null where it leads nowhere in a bundle. */
export function readPattern(folder: string, text: string, crosses: boolean): Pattern | null {
  const segments = text.split("/").filter((segment) => segment !== "" && segment !== ".");
  const first = segments.findIndex(isPattern);
  const written = joinPath(folder, segments.slice(0, first < 0 ? undefined : first).join("/"));
  if (joinPath(folder, text) === null || written === null) return null;
  return { folder: written, wildcards: first < 0 ? "" : segments.slice(first).join("/"), crosses };
}

/** Whether a normalised path matches; hidden folders below the written-out part never do. */
export function matchesPattern(pattern: Pattern, path: string): boolean {
  const prefix = pattern.folder === "" ? "" : `${pattern.folder}/`;
  if (!path.startsWith(prefix)) return false;
  const rest = path.slice(prefix.length);
  const segments = rest.split("/");
  if (segments[0] === ".." || segments.slice(0, -1).some((segment) => segment.startsWith("."))) return false;
  // A `**` in the pattern asks for any depth, so then every `*` may cross folders.
  const deep = pattern.wildcards.replaceAll("**/", "*");
  if (pattern.crosses || deep.includes("**") || deep !== pattern.wildcards) return matchesText(deep, rest);
  const wanted = pattern.wildcards.split("/");
  return wanted.length === segments.length && wanted.every((part, index) => matchesText(part, segments[index] ?? ""));
}

/** `*`, `?`, `[abc]`, `[!a-z]` as in a shell; goes back to the last `*` only, so time stays in proportion to both lengths. */
export function matchesText(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < text.length) {
    const token = pattern[at];
    const one = token === "*" ? null : matchOne(pattern, at, text[position] ?? "");
    if (token === "*") {
      star = at;
      resume = position;
      at += 1;
    } else if (one !== null) {
      at = one;
      position += 1;
    } else if (star >= 0) {
      resume += 1;
      position = resume;
      at = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** The position after the token that matched one character, or null. */
function matchOne(pattern: string, at: number, character: string): number | null {
  const token = pattern[at];
  if (token === undefined) return null;
  if (token === "?") return at + 1;
  if (token !== "[") return token === character ? at + 1 : null;
  const negated = pattern[at + 1] === "!";
  const start = at + (negated ? 2 : 1);
  const end = pattern.indexOf("]", start + 1);
  if (end < 0) return character === "[" ? at + 1 : null;
  return inClass(pattern.slice(start, end), character) === negated ? null : end + 1;
}

function inClass(characters: string, character: string): boolean {
  for (let at = 0; at < characters.length; at += 1) {
    const low = characters[at] ?? "";
    const high = characters[at + 1] === "-" ? characters[at + 2] : undefined;
    if (high === undefined) {
      if (low === character) return true;
    } else {
      if (low <= character && character <= high) return true;
      at += 2;
    }
  }
  return false;
}
