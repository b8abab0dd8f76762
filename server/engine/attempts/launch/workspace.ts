/** The shared workspace of a run: its bundle files, copied once from the store, where its steps work side by side. */
import { randomUUID } from "node:crypto";
import { constants, existsSync, rmSync } from "node:fs";
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { DataDir } from "@/server/platform/data-dir";
import { isWithin } from "../collect/confine";
import { type RunContext, StartRefusal } from "../contract";

export interface Workspaces {
  /** The run's workspace if it is there. */
  ready(run: RunContext): string | null;
  /** Makes the workspace if need be; asked several times at once it is made once. */
  obtain(run: RunContext): Promise<string>;
}

/** The workspaces of a data directory. One engine at a time makes them. */
export function workspaces(dataDir: DataDir): Workspaces {
  const making = new Map<number, Promise<string>>();
  const ready = (run: RunContext): string | null => {
    const folder = dataDir.workspace(run.key);
    return !making.has(run.key) && existsSync(folder) ? folder : null;
  };
  return {
    ready,
    async obtain(run) {
      const found = ready(run);
      if (found !== null) return found;
      const begun = making.get(run.key);
      if (begun !== undefined) return begun;
      const made = make(dataDir, run).finally(() => making.delete(run.key));
      making.set(run.key, made);
      return made;
    },
  };
}

/** Copies, never links: steps may write to their files. The folder appears under its name when it is whole. */
async function make(dataDir: DataDir, run: RunContext): Promise<string> {
  const folder = dataDir.workspace(run.key);
  const draft = `${folder}.${randomUUID()}`;
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    const folders = new Set<string>();
    for (const file of run.files) {
      const target = resolve(draft, file.path);
      if (!isWithin(target, draft)) throw new Error(`the file name ${file.path} leads out of the workspace`);
      if (!folders.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
      folders.add(dirname(target));
      await copyFile(dataDir.blob(file.digest), target, constants.COPYFILE_FICLONE);
      await chmod(target, file.isExecutable ? 0o755 : 0o644);
    }
    await rename(draft, folder);
    return folder;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Absolute path of a step's file in the workspace. Throws `StartRefusal` where it is missing. */
export function fileInWorkspace(workspace: string, file: string): string {
  const path = join(workspace, file);
  if (isWithin(path, workspace) && existsSync(path)) return path;
  throw new StartRefusal({
    code: "missing-file",
    message: `The file ${file} is not among the files of this version, and no earlier step wrote it. Upload it with the pipeline, then start a new run.`,
    subject: file,
  });
}
