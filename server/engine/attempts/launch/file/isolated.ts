/** Lays out the directory of an isolated step: what its ancestors declared, then its own archive over it. */
import { constants, existsSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import type { FileBody } from "@/pipelines/graph";
import type { DataDir } from "@/server/platform/data-dir";
import { isWithin } from "../../collect/confine";
import { type AttemptRequest, StartRefusal, type UpstreamAttempt } from "../../contract";
import type { AttemptPaths } from "../plan";
import { archiveOf, type FileSite } from "./site";

/** Where the declared outputs of an attempt are kept, by their names as seen from its working directory. */
const keptOutputs = (folder: string): string => join(folder, "out", "outputs");

/** What an attempt says of itself to those that come after it. */
const STEP_CARD = "step.json";
const StepCard = z.object({
  name: z.string().max(1_000),
  outputs: z.array(z.string().max(4_096)).max(10_000),
  cwd: z.string().max(4_096),
});
type StepCard = z.infer<typeof StepCard>;

/** An ancestor of an isolated step: what it is called, what it declares, where it worked. */
export interface Ancestor extends StepCard {
  readonly attempt: UpstreamAttempt;
  readonly folder: string;
}

const folderOfAttempt = (dataDir: DataDir, { runKey, taskKey, number }: UpstreamAttempt): string =>
  dataDir.attempt(runKey, taskKey, number);

/** The ancestors in the order of their ends; one without a readable card was no file step. */
export async function ancestors(request: AttemptRequest, dataDir: DataDir): Promise<Ancestor[]> {
  const found = request.upstream.map(async (attempt): Promise<Ancestor[]> => {
    const folder = folderOfAttempt(dataDir, attempt);
    try {
      const card = StepCard.parse(JSON.parse(await readFile(join(folder, STEP_CARD), "utf8")));
      return [{ ...card, attempt, folder }];
    } catch {
      if (existsSync(folder)) return [];
      throw new StartRefusal({
        code: "missing-input",
        message: `What the step ${attempt.stepPath} left is gone from the data directory, and this step comes after it. Start a new run.`,
        subject: attempt.stepPath,
      });
    }
  });
  return (await Promise.all(found)).flat();
}

/** Lays out the step's directory anew. Throws `StartRefusal` where something declared is not there. */
export async function layOut(
  request: AttemptRequest,
  body: FileBody,
  site: FileSite,
  paths: AttemptPaths,
  dataDir: DataDir,
): Promise<void> {
  await rm(paths.work, { recursive: true, force: true });
  await mkdir(site.cwd, { recursive: true, mode: 0o700 });
  for (const ancestor of await ancestors(request, dataDir)) await takeOver(ancestor, site.cwd);
  const archive = archiveOf(request, body);
  const digests = new Map(request.run.files.map((file) => [file.path, file]));
  for (const { path, at } of archive.files) {
    const file = digests.get(path);
    const target = resolve(site.cwd, at);
    if (file === undefined) continue;
    if (!isWithin(target, paths.work)) throw new Error(`the file name ${path} leads out of the step's directory`);
    await put(dataDir.blob(file.digest), target, file.isExecutable);
  }
  if (!existsSync(site.file)) throw missing(body.file);
  const absent = archive.unmatched.find((text) => !/[*?[]/.test(text) && !existsSync(resolve(site.cwd, text)));
  if (absent !== undefined) throw missing(absent);
  const card: StepCard = { name: request.step.name, outputs: [...body.outputs], cwd: site.cwd };
  writeFileSync(join(paths.directory, STEP_CARD), JSON.stringify(card), { mode: 0o600 });
}

const missing = (file: string): StartRefusal =>
  new StartRefusal({
    code: "missing-file",
    message: `The file ${file} is not among the files of this version, and no earlier step declares it as an output. Upload it with the pipeline, or declare it where it is made.`,
    subject: file,
  });

/** Every regular file below a folder, as relative paths; links are left alone. */
function filesBelow(folder: string): string[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function takeOver({ folder }: Ancestor, cwd: string): Promise<void> {
  const kept = keptOutputs(folder);
  for (const name of filesBelow(kept)) await put(join(kept, name), join(cwd, name), isExecutable(join(kept, name)));
}

const isExecutable = (path: string): boolean => (lstatSync(path).mode & 0o111) !== 0;

/** A copy, never a link: the step may write to it. A later file takes the place of an earlier one. */
async function put(from: string, to: string, executable: boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { recursive: true, force: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, executable ? 0o755 : 0o644);
}
