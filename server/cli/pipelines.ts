/** `penstock pipelines`: what can be run, and its versions. */
import { type Command, Option } from "commander";
import type { PipelineSummary, VersionSummary } from "@/server/domain/views/pipelines";
import { FILE_MODES, type FileMode } from "@/server/domain/views/runs";
import { EXIT, refused } from "./exit";
import { moreWords, type PageOptions, pageOf, withPages } from "./pages";
import { changedPairs } from "./pairs";
import { idOf } from "./references";
import {
  FILES_ARGUMENT,
  FUNCTION_FLAG,
  incompleteWords,
  PYTHON_FLAG,
  type SourceOptions,
  sendPipeline,
  uploadShape,
} from "./send-pipeline";
import { gather, JSON_FLAG, type Session, type Wrap } from "./session";
import { pipelineShape, versionShape } from "./shapes";
import { diffVersions } from "./version-diff";
import { versionOf } from "./versions";

const PIPELINE_ARGUMENT = ["<pipeline>", "id, beginning of an id or name of a pipeline"] as const;

interface ListOptions extends PageOptions {
  readonly search?: string;
}

async function listPipelines({ output, connect }: Session, options: ListOptions): Promise<number> {
  const { search } = options;
  const page = await connect().api.pipelines.list.query({
    ...pageOf(options),
    ...(search !== undefined && { search }),
  });
  const rows = page.items.map(({ id, name, latestVersion, lastRun, updatedAt }) => [
    id,
    latestVersion === null ? "-" : String(latestVersion.number),
    lastRun === null ? "-" : { state: lastRun.state },
    updatedAt.slice(0, 19),
    name,
  ]);
  const table = output.table([["ID", "VERSION", "LAST RUN", "CHANGED", "NAME"], ...rows]);
  const words = rows.length === 0 ? "No pipelines." : table + moreWords(page);
  output.print({ items: page.items.map(pipelineShape), next: page.next }, words);
  return EXIT.ok;
}

function pipelineWords(pipeline: PipelineSummary, url: string): string {
  const { latestVersion, tags, profile } = pipeline;
  const version =
    latestVersion === null
      ? "no version"
      : `version ${latestVersion.number}, ${latestVersion.state}, ${latestVersion.stepCount} steps`;
  const lines = [`${pipeline.name}: ${version}`];
  if (pipeline.description !== "") lines.push(`  ${pipeline.description}`);
  for (const [name, value] of Object.entries(tags)) lines.push(`  tag ${name}=${value}`);
  if (profile !== null) lines.push(`  runs under the profile ${profile} unless they say otherwise`);
  if (latestVersion?.missing.length) lines.push(`  missing: ${latestVersion.missing.join(", ")}`);
  lines.push(`  ${pipeline.runCount} runs`, `  ${url}/pipelines/${pipeline.id}`);
  return lines.join("\n");
}

async function showPipeline({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const pipeline = await connection.api.pipelines.get.query({ id: await idOf(connection, "pipeline", given) });
  output.print(pipelineShape(pipeline), pipelineWords(pipeline, connection.url));
  return EXIT.ok;
}

const versionRow = ({ number, state, createdAt, stepCount, format, name }: VersionSummary) => [
  String(number),
  { state },
  createdAt.slice(0, 19),
  String(stepCount),
  format,
  name,
];

async function listVersions({ output, connect }: Session, given: string, options: PageOptions): Promise<number> {
  const connection = connect();
  const id = await idOf(connection, "pipeline", given);
  const page = await connection.api.pipelines.versions.query({ id, ...pageOf(options) });
  const table = output.table([
    ["VERSION", "STATE", "CREATED", "STEPS", "FORMAT", "NAME"],
    ...page.items.map(versionRow),
  ]);
  const words = page.items.length === 0 ? "No versions." : table + moreWords(page);
  output.print({ items: page.items.map(versionShape), next: page.next }, words);
  return EXIT.ok;
}

async function printSpec(
  { output, connect }: Session,
  given: string,
  options: { readonly version?: string },
): Promise<number> {
  const connection = connect();
  const version = await versionOf(connection, await idOf(connection, "pipeline", given), options.version);
  const { file, text } = await connection.api.pipelines.specText.query({ versionId: version.id });
  output.print({ version: versionShape(version), file, text }, text.replace(/\n$/, ""));
  return EXIT.ok;
}

interface UploadOptions extends SourceOptions {
  readonly pipeline?: string;
  readonly name?: string;
  readonly description?: string;
}

async function uploadPipeline(session: Session, args: string[], options: UploadOptions): Promise<number> {
  const { pipeline, name, description } = options;
  if (pipeline !== undefined && name !== undefined)
    throw refused("Give --pipeline for a new version of one that exists, or --name for a new one.");
  const connection = session.connect();
  const uploaded = await sendPipeline(session, connection, args, options, {
    ...(pipeline !== undefined && { pipelineId: await idOf(connection, "pipeline", pipeline) }),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  });
  const isWhole = uploaded.version.state === "runnable";
  const stored = `${uploaded.pipeline.name} version ${uploaded.version.number} is stored.\n  ${connection.url}/pipelines/${uploaded.pipeline.id}`;
  session.output.print(uploadShape(uploaded), isWhole ? stored : incompleteWords(uploaded));
  return isWhole ? EXIT.ok : EXIT.refused;
}

interface SetOptions {
  readonly name?: string;
  readonly description?: string;
  readonly tag?: readonly string[];
  readonly untag?: readonly string[];
  readonly fileMode?: FileMode;
  readonly cache?: boolean;
  /** False: the installation's default. */
  readonly profile?: string | false;
}

async function changePipeline({ output, connect }: Session, given: string, options: SetOptions): Promise<number> {
  const { name, description, tag = [], untag = [], fileMode, cache, profile } = options;
  const connection = connect();
  const { api } = connection;
  const id = await idOf(connection, "pipeline", given);
  const hasTags = tag.length + untag.length > 0;
  const tags = hasTags ? changedPairs((await api.pipelines.get.query({ id })).tags, "--tag", tag, untag) : undefined;
  const change = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(fileMode !== undefined && { fileMode }),
    ...(cache !== undefined && { cache: cache ? ("use" as const) : ("ignore" as const) }),
    ...(profile !== undefined && { profile: profile === false ? null : profile }),
  };
  if (Object.keys(change).length === 0) throw refused("Say what to change; --help lists it.");
  const pipeline = await api.pipelines.update.mutate({ id, ...change });
  output.print(pipelineShape(pipeline), pipelineWords(pipeline, connection.url));
  return EXIT.ok;
}

async function removePipeline({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const id = await idOf(connection, "pipeline", given);
  const pipeline = await connection.api.pipelines.get.query({ id });
  await connection.api.pipelines.delete.mutate({ id });
  const undo = `penstock pipelines restore ${id}`;
  output.print(pipelineShape(pipeline), `${pipeline.name} is deleted; its runs stay. \`${undo}\` brings it back.`);
  return EXIT.ok;
}

async function restorePipeline({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const id = await idOf(connection, "pipeline", given, { deleted: true });
  await connection.api.pipelines.restore.mutate({ id });
  const pipeline = await connection.api.pipelines.get.query({ id });
  output.print(pipelineShape(pipeline), `${pipeline.name} is there again.`);
  return EXIT.ok;
}

async function removeVersion({ output, connect }: Session, given: string, version: string): Promise<number> {
  const connection = connect();
  const found = await versionOf(connection, await idOf(connection, "pipeline", given), version);
  await connection.api.pipelines.deleteVersion.mutate({ versionId: found.id });
  const undo = `penstock pipelines restore-version ${found.id}`;
  output.print(versionShape(found), `Version ${found.number} is deleted; its runs stay. \`${undo}\` brings it back.`);
  return EXIT.ok;
}

async function restoreVersion({ output, connect }: Session, versionId: string): Promise<number> {
  const { api } = connect();
  await api.pipelines.restoreVersion.mutate({ versionId });
  const found = await api.pipelines.versionById.query({ versionId });
  output.print(
    versionShape(found),
    `Version ${found.number} of ${found.pipeline?.name ?? "its pipeline"} is there again.`,
  );
  return EXIT.ok;
}

function addChanges(pipelines: Command, action: Wrap): void {
  pipelines
    .command("rename")
    .description("give a pipeline another name")
    .argument(...PIPELINE_ARGUMENT)
    .argument("<name>", "the new name")
    .option(...JSON_FLAG)
    .action(action((session: Session, given: string, name: string) => changePipeline(session, given, { name })));
  pipelines
    .command("set")
    .description("change what is given of a pipeline")
    .argument(...PIPELINE_ARGUMENT)
    .option("--description <text>", "what it is for")
    .option("--tag <name=value>", "set a tag; again for more", gather)
    .option("--untag <name>", "take a tag away; again for more", gather)
    .addOption(new Option("--file-mode <mode>", "how files pass between the steps of its runs").choices(FILE_MODES))
    .option("--cache", "its runs reuse earlier results")
    .option("--no-cache", "its runs reuse no earlier result")
    .option("--profile <name>", "profile of its runs that name none")
    .option("--no-profile", "such runs take the installation's default")
    .option(...JSON_FLAG)
    .action(action(changePipeline));
  pipelines
    .command("delete")
    .description("delete a pipeline with its versions; its runs stay")
    .argument(...PIPELINE_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(removePipeline));
  pipelines
    .command("restore")
    .description("bring a deleted pipeline back")
    .argument(...PIPELINE_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(restorePipeline));
  pipelines
    .command("delete-version")
    .description("delete one version of a pipeline; its runs stay")
    .argument(...PIPELINE_ARGUMENT)
    .argument("<version>", "number or id of a version")
    .option(...JSON_FLAG)
    .action(action(removeVersion));
  pipelines
    .command("restore-version")
    .description("bring a deleted version back")
    .argument("<version>", "id of the version")
    .option(...JSON_FLAG)
    .action(action(restoreVersion));
}

/** Adds the subcommand. */
export function addPipelines(program: Command, action: Wrap): void {
  const pipelines = program.command("pipelines").description("what can be run, and its versions");
  withPages(pipelines.command("list"))
    .description("the pipelines changed last")
    .option("--search <text>", "only pipelines whose name or description holds this")
    .option(...JSON_FLAG)
    .action(action(listPipelines));
  pipelines
    .command("get")
    .description("one pipeline")
    .argument(...PIPELINE_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(showPipeline));
  withPages(pipelines.command("versions"))
    .description("the versions of a pipeline, the newest first")
    .argument(...PIPELINE_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(listVersions));
  pipelines
    .command("spec")
    .description("print the text of a version as it was uploaded")
    .argument(...PIPELINE_ARGUMENT)
    .option("--version <version>", "number or id of a version (latest)")
    .option(...JSON_FLAG)
    .action(action(printSpec));
  pipelines
    .command("diff")
    .description("what changed between two versions: parameters, steps and text")
    .argument(...PIPELINE_ARGUMENT)
    .argument("[from]", "number or id of a version (the one before)")
    .argument("[to]", "number or id of a version (latest)")
    .option(...JSON_FLAG)
    .action(action(diffVersions));
  pipelines
    .command("upload")
    .description("upload a pipeline, or a new version of one, and start nothing")
    .argument(...FILES_ARGUMENT)
    .option("--pipeline <pipeline>", "the pipeline that gets a new version")
    .option("--name <name>", "name of the pipeline")
    .option("--description <text>", "what it is for")
    .option(...FUNCTION_FLAG)
    .option(...PYTHON_FLAG)
    .option(...JSON_FLAG)
    .action(action(uploadPipeline));
  addChanges(pipelines, action);
}
