/** `penstock submit`: uploads a pipeline with the files it names, starts a run, and waits for it when asked to. */
import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { FILE_MODES, type FileMode } from "@/server/domain/views/runs";
import type { Connection } from "./connection";
import { EXIT } from "./exit";
import { followRun } from "./follow-run";
import { changedPairs } from "./pairs";
import { readParameters } from "./parameters";
import { PRIORITY_FLAG, readPriority } from "./priority";
import { findMeant } from "./references";
import {
  FILES_ARGUMENT,
  FUNCTION_FLAG,
  incompleteWords,
  PYTHON_FLAG,
  type SourceOptions,
  sendPipeline,
} from "./send-pipeline";
import { gather, JSON_FLAG, type Session, WAIT_FLAG, type Wrap } from "./session";
import { submitShape } from "./shapes";
import { printPlan, stepOf, stepsOf } from "./steps";

interface SubmitOptions extends SourceOptions {
  readonly param?: readonly string[];
  readonly name?: string;
  readonly experiment?: string;
  readonly profile?: string;
  readonly priority?: string;
  readonly upTo?: string;
  readonly stopOnFailure?: boolean;
  /** False: reuse no earlier result. */
  readonly cache?: boolean;
  readonly runAgain?: readonly string[];
  readonly tag?: readonly string[];
  readonly plan?: boolean;
  readonly fileMode?: FileMode;
  readonly wait?: boolean;
}

/** The experiment that is meant, a new one when there is none. */
async function experimentId(connection: Connection, given: string): Promise<string> {
  const found = await findMeant(connection, "experiment", given);
  return (found ?? (await connection.api.experiments.create.mutate({ name: given }))).id;
}

/** Returns the exit code: of the run when it was waited for, else 0 once it is accepted, 2 for an Incomplete version. */
async function submit(session: Session, args: readonly string[], options: SubmitOptions): Promise<number> {
  const { output } = session;
  const connection = session.connect();
  const { api } = connection;
  const uploaded = await sendPipeline(session, connection, args, options);
  const { version, pipeline } = uploaded;
  if (version.state === "incomplete") {
    output.print(submitShape(uploaded, null), incompleteWords(uploaded));
    return EXIT.refused;
  }
  const { fileMode } = options;
  if (fileMode !== undefined) await api.pipelines.update.mutate({ id: pipeline.id, fileMode });
  const specs = options.param?.length
    ? (await api.pipelines.versionById.query({ versionId: version.id })).graph.parameters
    : [];
  const upTo = await stepOf(connection, version.id, options.upTo);
  const cacheOff = await stepsOf(connection, version.id, options.runAgain);
  const asked = {
    versionId: version.id,
    parameters: readParameters(specs, options.param ?? []),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.priority === undefined ? {} : { priority: readPriority(options.priority) }),
    ...(upTo === null ? {} : { upTo }),
    ...(options.cache === false ? { cache: "ignore" as const } : {}),
    ...(cacheOff.length === 0 ? {} : { cacheOff }),
  };
  if (options.plan) return printPlan(output, await api.runs.preview.query(asked));
  const run = await api.runs.create.mutate({
    ...asked,
    idempotencyKey: randomUUID(),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.experiment === undefined ? {} : { experimentId: await experimentId(connection, options.experiment) }),
    ...(options.tag === undefined ? {} : { tags: changedPairs({}, "--tag", options.tag, []) }),
    ...(options.stopOnFailure === undefined ? {} : { stopsOnFailure: options.stopOnFailure }),
  });
  const words = `${run.name} is accepted.`;
  const shape = (json: object) => submitShape(uploaded, json);
  return followRun(connection, output, run, { wait: options.wait ?? false, words, shape });
}

/** Adds the subcommand. */
export function addSubmit(program: Command, action: Wrap): void {
  program
    .command("submit")
    .description("upload a pipeline with the files it names and start a run")
    .argument(...FILES_ARGUMENT)
    .option("--param <name=value>", "value of a parameter; again for more", gather)
    .option("--name <name>", "name of the run")
    .option("--tag <name=value>", "tag of the run; again for more", gather)
    .option("--experiment <experiment>", "experiment of the run, made when there is none")
    .option("--profile <name>", "profile of the run, else the default one")
    .option(...PRIORITY_FLAG)
    .option("--up-to <step>", "run this step and what it needs, nothing else")
    .option("--stop-on-failure", "end the run when a step fails")
    .option("--no-cache", "reuse no earlier result")
    .option("--run-again <step>", "run this step even if an earlier result fits; again for more", gather)
    .addOption(
      new Option("--file-mode <mode>", "how files pass between the steps of this Elyra pipeline from now on").choices(
        FILE_MODES,
      ),
    )
    .option(...FUNCTION_FLAG)
    .option(...PYTHON_FLAG)
    .option("--plan", "say which steps would run and which reuse a result, and start nothing")
    .option(...WAIT_FLAG)
    .option(...JSON_FLAG)
    .action(action(submit));
}
