/** Why an archive is refused, in words for the person who uploaded it. */

export type ArchiveFault =
  | "not-an-archive"
  | "damaged"
  | "empty"
  | "encrypted"
  | "link"
  | "special-file"
  | "bad-path"
  | "duplicate"
  | "too-many-entries"
  | "too-large"
  | "ratio";

/** Says why an archive was refused; `message` is meant for the person who uploaded it. */
export class ArchiveRefused extends Error {
  constructor(
    readonly fault: ArchiveFault,
    message: string,
  ) {
    super(message);
    this.name = "ArchiveRefused";
  }
}

/** A fault of the archive as a refusal; errors of this machine (a full disk) stay what they are. */
export function asRefusal(error: unknown, what: string): unknown {
  if (error instanceof ArchiveRefused) return error;
  if (hasCode(error, "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EMFILE", "ENFILE", "EIO", "EROFS", "ENOENT")) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ArchiveRefused("damaged", `${what} (${reason}). Pack it again.`);
}

/** Whether an error of the machine has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** The refusal of a link. */
export function link(name: string): ArchiveRefused {
  return new ArchiveRefused("link", `The entry ${JSON.stringify(name)} is a link. Pack the file it points to instead.`);
}

/** The refusal of a device, a pipe and the like. */
export function special(name: string): ArchiveRefused {
  return new ArchiveRefused(
    "special-file",
    `The entry ${JSON.stringify(name)} is neither a file nor a folder. Leave it out.`,
  );
}

/** The refusal of a name that comes twice. */
export function duplicate(name: string): ArchiveRefused {
  return new ArchiveRefused(
    "duplicate",
    `The entry ${JSON.stringify(name)} stands in the archive twice. Pack it again.`,
  );
}
