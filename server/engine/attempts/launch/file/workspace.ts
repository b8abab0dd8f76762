/** The shared workspace of a run: its bundle files, copied once from the store, where its steps work side by side. */
import { randomUUID } from "node:crypto";
import { constants, existsSync, lstatSync, rmSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import type { DataDir } from "@/server/platform/data-dir";
import { isWithin } from "../../collect/confine";
import { type RunContext, StartRefusal } from "../../contract";
import type { FileSite } from "./site";

export interface Workspaces {
  /** The run's workspace if it is there. */
  ready(run: RunContext): string | null;
  /** Makes the workspace if need be; asked several times at once it is made once. `say` tells the log what it is made of. */
  obtain(run: RunContext, say: (text: string) => void): Promise<string>;
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
    async obtain(run, say) {
      const found = ready(run);
      if (found !== null) return found;
      const begun = making.get(run.key);
      if (begun !== undefined) return begun;
      if (existsSync(join(dataDir.run(run.key), GIVEN_FILES))) say(ANEW);
      else if (run.continues !== null) say(CONTINUES);
      const made = make(dataDir, run).finally(() => making.delete(run.key));
      making.set(run.key, made);
      return made;
    },
  };
}

const CONTINUES = "The workspace starts as a copy of the one of the run that this one continues.\n";

const ANEW = "The workspace of this run was removed; it is laid out anew, without what earlier steps had left in it.\n";

/** What the bundle gave a workspace, path to digest: a run that continues it sees by this which files are new to it. */
const GIVEN_FILES = "workspace.json";
const GivenFiles = z.record(z.string(), z.string());

/** Copies, never links: steps may write to their files. The folder appears under its name when it is whole. */
async function make(dataDir: DataDir, run: RunContext): Promise<string> {
  const folder = dataDir.workspace(run.key);
  const draft = `${folder}.${randomUUID()}`;
  try {
    const given = run.continues === null ? {} : await continueFrom(dataDir, run.continues.runKey, draft);
    await mkdir(draft, { recursive: true, mode: 0o700 });
    const folders = new Set<string>();
    for (const file of run.files) {
      const target = resolve(draft, file.path);
      if (!isWithin(target, draft)) throw new Error(`the file name ${file.path} leads out of the workspace`);
      if (given[file.path] === file.digest) continue;
      if (!folders.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
      folders.add(dirname(target));
      await rm(target, { recursive: true, force: true });
      await copyFile(dataDir.blob(file.digest), target, constants.COPYFILE_FICLONE);
      await chmod(target, file.isExecutable ? 0o755 : 0o644);
    }
    const digests = Object.fromEntries(run.files.map(({ path, digest }) => [path, digest]));
    await writeFile(join(dataDir.run(run.key), GIVEN_FILES), JSON.stringify(digests), { mode: 0o600 });
    await rename(draft, folder);
    return folder;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a draft as a copy of an earlier run's workspace; what the bundle gave that one is as its steps left it. */
async function continueFrom(dataDir: DataDir, runKey: number, draft: string): Promise<z.infer<typeof GivenFiles>> {
  const source = dataDir.workspace(runKey);
  if (!existsSync(source)) throw workspaceGone();
  const filter = (path: string): boolean => {
    const stat = lstatSync(path);
    return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink();
  };
  await cp(source, draft, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true, filter });
  try {
    return GivenFiles.parse(JSON.parse(await readFile(join(dataDir.run(runKey), GIVEN_FILES), "utf8")));
  } catch {
    return {};
  }
}

const workspaceGone = (): StartRefusal =>
  new StartRefusal({
    code: "missing-input",
    message: "The files of the run that this one continues are gone from the data directory. Start a new run.",
    subject: null,
  });

/** Checks that a step's file is there. Throws `StartRefusal`. */
export function needFile({ root, file: path }: FileSite, { files }: Pick<RunContext, "files">): void {
  if (isWithin(path, root) && existsSync(path)) return;
  const file = relative(root, path);
  const message = files.some((given) => given.path === file)
    ? `The file ${file} of this version is not in the run's workspace any more: an earlier step removed or moved it. Correct that step, then start a new run.`
    : `The file ${file} is not among the files of this version, and no earlier step wrote it. Upload it with the pipeline, then start a new run.`;
  throw new StartRefusal({ code: "missing-file", message, subject: file });
}
