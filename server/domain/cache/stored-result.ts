/** Whether what a task left is still there to be used again. */

/** Begins the part of a key that stands for an artifact which is not there any more. */
export const GONE = "gone ";

/** An output artifact as recorded; `path` is relative to the data directory. */
export interface StoredArtifact {
  readonly output: string;
  readonly name: string;
  readonly path: string | null;
  readonly size: number | null;
  readonly digest: string | null;
  readonly isDirectory: boolean;
}

/** What lies at a path now: undefined for nothing. */
export type LookAt = (path: string) => { readonly size: number; readonly isDirectory: boolean } | undefined;

/**
 * The first artifact that is not what was recorded, or null. Remote ones are trusted, and those without content have
 * none to lose. A folder is known by being there: its recorded size is that of all its files.
 */
export function goneArtifact(artifacts: readonly StoredArtifact[], look: LookAt): string | null {
  const isThere = ({ path, size, digest, isDirectory }: StoredArtifact): boolean => {
    if (path === null || digest === null) return true;
    const found = look(path);
    return found !== undefined && found.isDirectory === isDirectory && (isDirectory || found.size === size);
  };
  return artifacts.find((artifact) => !isThere(artifact))?.output ?? null;
}
