/** `penstock artifacts`: what tasks left behind, listed and fetched. */
import { createWriteStream } from "node:fs";
import { lstat, rename, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { byteText } from "@/server/domain/bytes";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import { jsonOf } from "./connection";
import { EXIT, refused } from "./exit";
import { moreWords, type PageOptions, pageOf, withPages } from "./pages";
import { idOf } from "./references";
import { JSON_FLAG, type Session, type Wrap } from "./session";
import { artifactItemShape } from "./shapes";

interface ListOptions extends PageOptions {
  readonly run?: string;
  readonly type?: string;
  readonly search?: string;
}

async function listArtifacts({ output, connect }: Session, options: ListOptions): Promise<number> {
  const connection = connect();
  const { run, type, search } = options;
  const page = await connection.api.artifacts.list.query({
    ...pageOf(options),
    ...(run !== undefined && { runId: await idOf(connection, "run", run) }),
    ...(type !== undefined && { type }),
    ...(search !== undefined && { search }),
  });
  const rows = page.items.map((item) => [
    String(item.id),
    item.name,
    item.type,
    item.size === null ? "-" : byteText(item.size),
    item.task.step,
    item.run.name,
  ]);
  const table = output.table([["ID", "NAME", "TYPE", "SIZE", "STEP", "RUN"], ...rows]);
  const words = rows.length === 0 ? "No artifacts." : table + moreWords(page);
  output.print({ items: page.items.map(artifactItemShape), next: page.next }, words);
  return EXIT.ok;
}

interface GetOptions {
  readonly output?: string;
  readonly force?: boolean;
}

/** Name of the file that an artifact becomes here: its own, a directory as an archive. */
function fileNameOf({ path, isDirectory, name }: ArtifactItemView): string {
  const own = basename(path ?? name);
  return isDirectory ? `${own}.tar.gz` : own;
}

/** Where to write: the file named, or the artifact's own name in the folder named. */
async function targetOf(session: Session, artifact: ArtifactItemView, options: GetOptions): Promise<string> {
  const given = resolve(session.surroundings.cwd, options.output ?? ".");
  const isFolder = (await lstat(given).catch(() => null))?.isDirectory() ?? false;
  const target = isFolder ? join(given, fileNameOf(artifact)) : given;
  const isThere = (await lstat(target).catch(() => null)) !== null;
  if (isThere && !options.force) throw refused(`${target} exists. Give another file with --output, or --force.`);
  return target;
}

/** The bytes as they come, counted for who waits. */
async function* counted(body: ReadableStream<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    count(chunk.length);
    yield chunk;
  }
}

/** Writes beside the target first, so that a broken download leaves no half file under its name. */
async function save(bytes: AsyncIterable<Uint8Array>, target: string): Promise<void> {
  const part = `${target}.part`;
  try {
    await pipeline(Readable.from(bytes), createWriteStream(part));
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw refused(`${target} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function artifactId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw refused(`${text} is no id of an artifact. \`penstock artifacts list\` shows them.`);
  return Number(text);
}

async function getArtifact(session: Session, given: string, options: GetOptions): Promise<number> {
  const { output, surroundings } = session;
  const id = artifactId(given);
  const isPiped = options.output === "-";
  if (isPiped && output.isJson) throw refused("With --output - the bytes are the answer; leave out --json.");
  const connection = session.connect();
  const artifact = await connection.api.artifacts.get.query({ id });
  const target = isPiped ? null : await targetOf(session, artifact, options);
  const response = await connection.get(`/api/artifacts/${id}/content`);
  if (!response.ok || response.body === null) return jsonOf(response);
  let done = 0;
  const bytes = counted(response.body, (more) => {
    done += more;
    output.progress(
      `${byteText(done)}${artifact.isDirectory || artifact.size === null ? "" : ` of ${byteText(artifact.size)}`}`,
    );
  });
  if (target === null) {
    for await (const chunk of bytes) await surroundings.stdoutBytes(chunk);
    output.progress(null);
    return EXIT.ok;
  }
  await save(bytes, target);
  output.print({ ...artifactItemShape(artifact), file: target, bytes: done }, `${target}, ${byteText(done)}`);
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addArtifacts(program: Command, action: Wrap): void {
  const artifacts = program.command("artifacts").description("what tasks left behind");
  withPages(artifacts.command("list"))
    .description("the newest artifacts, of one run or of all")
    .option("--run <run>", "only those of this run")
    .option("--type <type>", "only those of this type, system.Model for one")
    .option("--search <text>", "only those whose name holds this")
    .option(...JSON_FLAG)
    .action(action(listArtifacts));
  artifacts
    .command("get")
    .description("fetch an artifact into a file; a directory comes as .tar.gz")
    .argument("<id>", "id of an artifact")
    .option("-o, --output <file>", "file or folder to write to, - for the standard output (this folder)")
    .option("--force", "write over a file that exists")
    .option(...JSON_FLAG)
    .action(action(getArtifact));
}
