/** `penstock experiments`: groups of runs. */
import type { Command } from "commander";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { Connection } from "./connection";
import { EXIT } from "./exit";
import type { Output } from "./output";
import { moreWords, type PageOptions, pageOf, withPages } from "./pages";
import { idOf } from "./references";
import { JSON_FLAG, type Session, type Wrap } from "./session";
import { experimentShape } from "./shapes";

const EXPERIMENT_ARGUMENT = ["<experiment>", "id, beginning of an id or name of an experiment"] as const;

interface ListOptions extends PageOptions {
  readonly search?: string;
  readonly archived?: boolean;
}

const runsOf = ({ runCounts }: ExperimentView): number =>
  Object.values(runCounts).reduce((sum, count) => sum + count, 0);

async function listExperiments({ output, connect }: Session, options: ListOptions): Promise<number> {
  const { search, archived = false } = options;
  const page = await connect().api.experiments.list.query({
    archived,
    ...pageOf(options),
    ...(search !== undefined && { search }),
  });
  const rows = page.items.map((one) => [one.id, String(runsOf(one)), one.lastRunAt?.slice(0, 19) ?? "-", one.name]);
  const table = output.table([["ID", "RUNS", "LAST RUN", "NAME"], ...rows]);
  const words = rows.length === 0 ? "No experiments." : table + moreWords(page);
  output.print({ items: page.items.map(experimentShape), next: page.next }, words);
  return EXIT.ok;
}

function experimentWords(experiment: ExperimentView, url: string, output: Output): string {
  const marks = [experiment.isDefault ? " (default)" : "", experiment.archivedAt === null ? "" : ", archived"];
  const lines = [`${experiment.name}${marks.join("")}`];
  if (experiment.description !== "") lines.push(`  ${experiment.description}`);
  for (const [state, count] of Object.entries(experiment.runCounts)) lines.push(`  ${count} ${output.state(state)}`);
  lines.push(`  ${url}/experiments/${experiment.id}`);
  return lines.join("\n");
}

async function showExperiment({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const experiment = await connection.api.experiments.get.query({ id: await idOf(connection, "experiment", given) });
  output.print(experimentShape(experiment), experimentWords(experiment, connection.url, output));
  return EXIT.ok;
}

async function createExperiment(
  { output, connect }: Session,
  name: string,
  { description }: { readonly description?: string },
): Promise<number> {
  const connection = connect();
  const asked = { name, ...(description !== undefined && { description }) };
  const experiment = await connection.api.experiments.create.mutate(asked);
  output.print(experimentShape(experiment), experimentWords(experiment, connection.url, output));
  return EXIT.ok;
}

/** One experiment is asked for something; what it is then is printed. */
const asking =
  (
    ask: (connection: Connection, id: string) => Promise<ExperimentView>,
    past: string,
    options?: { deleted: boolean },
  ) =>
  async ({ output, connect }: Session, given: string): Promise<number> => {
    const connection = connect();
    const experiment = await ask(connection, await idOf(connection, "experiment", given, options));
    output.print(experimentShape(experiment), `${experiment.name} is ${past}.`);
    return EXIT.ok;
  };

async function deleteIt({ api }: Connection, id: string): Promise<ExperimentView> {
  const experiment = await api.experiments.get.query({ id });
  await api.experiments.delete.mutate({ id });
  return experiment;
}

const VERBS = [
  {
    name: "archive",
    description: "archive an experiment with its runs; runs that run go on",
    work: asking(({ api }, id) => api.experiments.archive.mutate({ id }), "archived with its runs"),
  },
  {
    name: "restore",
    description:
      "undo the deletion of an experiment, or take it out of the archive with the runs that went there with it",
    work: asking(({ api }, id) => api.experiments.restore.mutate({ id }), "there again", { deleted: true }),
  },
  {
    name: "delete",
    description: "delete an experiment; its runs stay. `experiments restore` brings it back",
    work: asking(deleteIt, "deleted; its runs stay"),
  },
] as const;

/** Adds the subcommand. */
export function addExperiments(program: Command, action: Wrap): void {
  const experiments = program.command("experiments").description("groups of runs");
  withPages(experiments.command("list"))
    .description("the experiments with the newest runs")
    .option("--search <text>", "only experiments whose name or description holds this")
    .option("--archived", "the archived ones")
    .option(...JSON_FLAG)
    .action(action(listExperiments));
  experiments
    .command("get")
    .description("one experiment and how its runs are")
    .argument(...EXPERIMENT_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(showExperiment));
  experiments
    .command("create")
    .description("make an experiment")
    .argument("<name>")
    .option("--description <text>", "what it is for")
    .option(...JSON_FLAG)
    .action(action(createExperiment));
  for (const { name, description, work } of VERBS)
    experiments
      .command(name)
      .description(description)
      .argument(...EXPERIMENT_ARGUMENT)
      .option(...JSON_FLAG)
      .action(action(work));
}
