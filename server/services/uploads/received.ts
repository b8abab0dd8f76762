/** Files as they arrive: on disk in `tmp`, measured and hashed, under the relative path their sender gave them. */
import { ProblemError } from "@/server/domain/problem-error";
import { isPlainPath } from "@/server/platform/open-file";

export interface ReceivedFile {
  /** Relative path as sent, `/` separated. */
  readonly path: string;
  readonly tmpFile: string;
  readonly size: number;
  /** SHA-256, hex. */
  readonly digest: string;
  readonly isExecutable?: boolean;
}

/** The files under clean paths: `./` dropped, one file per path. Throws `invalid` for a path that leaves its folder. */
export function cleanPaths(files: readonly ReceivedFile[]): ReceivedFile[] {
  const byPath = new Map<string, ReceivedFile>();
  for (const file of files) {
    const path = file.path.replace(/^(?:\.\/+)+/, "").replace(/\/{2,}/g, "/");
    if (!isPlainPath(path)) {
      throw new ProblemError(
        "invalid",
        `The path ${JSON.stringify(file.path.slice(0, 200))} leaves the folder of the upload or is not a path. Send paths below one folder.`,
      );
    }
    if (byPath.has(path)) {
      throw new ProblemError("invalid", `Two files of the upload have the path ${path}. Send it once.`);
    }
    byPath.set(path, { ...file, path });
  }
  return [...byPath.values()];
}
