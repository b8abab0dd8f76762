/** `penstock submit`: uploads a pipeline with the files it names, starts a run, and waits for it when asked to. */
import { randomUUID } from "node:crypto";
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";
import type { Connection } from "./connection";
import { EXIT, exitOfRun, refused } from "./exit";
import type { Output } from "./output";
import { findExperiment, runWords, waitForRun, wholeRun } from "./runs";
import { runShape, submitShape } from "./shapes";
import { collectFiles } from "./submit-files";
import { upload } from "./upload";

export interface SubmitOptions {
  readonly param?: readonly string[];
  readonly name?: string;
  readonly experiment?: string;
  readonly wait?: boolean;
}

/** A value as its parameter declares it: text stays text, everything else is JSON. */
function parameterValue(spec: ParameterSpec | undefined, name: string, text: string): JsonValue {
  if (spec?.type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    if (spec === undefined) return text;
    throw refused(`--param ${name}: ${JSON.stringify(text)} is no ${spec.type}. Write it as JSON.`);
  }
}

/** `k=v` arguments by name, typed by what the version declares. */
function readParameters(specs: readonly ParameterSpec[], given: readonly string[]): { [name: string]: JsonValue } {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const values: { [name: string]: JsonValue } = {};
  for (const one of given) {
    const cut = one.indexOf("=");
    if (cut < 1) throw refused(`--param ${one}: write it as NAME=VALUE.`);
    const name = one.slice(0, cut);
    if (Object.hasOwn(values, name)) throw refused(`--param ${name} is given twice.`);
    values[name] = parameterValue(byName.get(name), name, one.slice(cut + 1));
  }
  return values;
}

async function experimentId(connection: Connection, name: string): Promise<string> {
  const found = await findExperiment(connection, name);
  return found ?? (await connection.api.experiments.create.mutate({ name })).id;
}

/** Returns the exit code: of the run when it was waited for, else 0 once it is accepted, 2 for an Incomplete version. */
export async function submit(
  connection: Connection,
  output: Output,
  args: readonly string[],
  options: SubmitOptions,
  cwd: string,
): Promise<number> {
  const files = await collectFiles(args, cwd);
  if (files.length > 1)
    output.note(
      `Uploading ${files.length} files: ${files
        .map((file) => file.path)
        .slice(0, 10)
        .join(", ")}`,
    );
  const uploaded = await upload(connection, files);
  const { version, pipeline } = uploaded;
  if (version.state === "incomplete") {
    const list = version.missing.map((path) => `  ${path}`).join("\n");
    const words = `${pipeline.name} version ${version.number} is Incomplete. These files are missing:\n${list}\nGive them too, or the folder that holds them.`;
    output.print(submitShape(uploaded, null), words);
    return EXIT.refused;
  }
  const specs = options.param?.length
    ? (await connection.api.pipelines.versionById.query({ versionId: version.id })).graph.parameters
    : [];
  const run = await connection.api.runs.create.mutate({
    versionId: version.id,
    parameters: readParameters(specs, options.param ?? []),
    idempotencyKey: randomUUID(),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.experiment === undefined ? {} : { experimentId: await experimentId(connection, options.experiment) }),
  });
  if (!options.wait) {
    output.print(submitShape(uploaded, runShape(run)), `${run.name} is accepted.\n  ${connection.url}/runs/${run.id}`);
    return EXIT.ok;
  }
  const leave = () => {
    output.note(`\nThe run goes on: ${connection.url}/runs/${run.id}`);
    if (output.isJson) output.print(submitShape(uploaded, runShape(run)), "");
    process.exit(EXIT.canceled);
  };
  process.once("SIGINT", leave);
  await waitForRun(connection, output, run.id);
  process.removeListener("SIGINT", leave);
  const over = await wholeRun(connection, run.id);
  output.print(submitShape(uploaded, over.json), runWords(over.run, connection.url));
  return exitOfRun(over.run.state);
}
