/** `penstock recurring`: schedules that make runs. */
import { type Command, Option } from "commander";
import { CATCH_UPS, OVERLAPS } from "@/server/domain/recurrence/words";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { Connection } from "./connection";
import { CommandError, EXIT, refused } from "./exit";
import { columns } from "./output";
import { moreWords, type PageOptions, pageOf, withPages } from "./pages";
import { PRIORITY_FLAG } from "./priority";
import { type CreateOptions, requestOf } from "./recurring-request";
import { gather, JSON_FLAG, type Session, type Wrap } from "./session";
import { recurringShape, runShape } from "./shapes";

const RECURRING_ARGUMENT = ["<recurring-run>", "id or name of a recurring run"] as const;

interface ListOptions extends PageOptions {
  readonly search?: string;
}

/** The id that a text means, which is an id or a name. Throws when it means none or several. */
async function idOf({ api }: Connection, given: string): Promise<string> {
  const { items } = await api.recurringRuns.list.query({ search: given, limit: 200 });
  const meant = items.filter(({ id, name }) => id === given || name === given);
  const [only, ...others] = meant;
  if (only === undefined) {
    const hint = "`penstock recurring list` shows those there are.";
    throw new CommandError(EXIT.refused, "not-found", `There is no recurring run ${given}. ${hint}`);
  }
  if (others.length === 0) return only.id;
  throw refused(`${given} may be any of these. Give the id.\n${meant.map(({ id }) => `  ${id}`).join("\n")}`);
}

const inWords = ({ words, trigger, timeZone }: RecurringRunView): string =>
  trigger.kind === "cron" ? `${words} (${timeZone})` : words;

function exactly(one: RecurringRunView): string {
  const { trigger } = one;
  return trigger.kind === "cron" ? `${inWords(one)}: ${trigger.cron}` : inWords(one);
}

function words(one: RecurringRunView): string {
  const rows = [
    ["state", one.disabledReason === null ? one.state : `${one.state}: ${one.disabledReason}`],
    ["pipeline", one.pipeline?.name ?? "-"],
    ["version", one.version === null ? "the latest" : String(one.version.number)],
    ["due", exactly(one)],
    ["next", one.nextAt ?? "-"],
    ["from, until", `${one.startAt ?? "-"}, ${one.endAt ?? "-"}`],
    ["runs at once", `${one.maxConcurrency}, else ${one.overlap}`],
    ["catch-up", one.catchUp],
    ["runs so far", String(one.runCount)],
    ["id", one.id],
  ];
  return `${one.name}\n${columns(rows.map(([name = "", ...rest]) => [`  ${name}`, ...rest]))}`;
}

async function listRecurring({ output, connect }: Session, options: ListOptions): Promise<number> {
  const { search } = options;
  const asked = { ...pageOf(options), ...(search !== undefined && { search }) };
  const page = await connect().api.recurringRuns.list.query(asked);
  const rows = page.items.map((one) => [one.id, one.state, one.nextAt?.slice(0, 19) ?? "-", inWords(one), one.name]);
  const table = output.table([["ID", "STATE", "NEXT", "DUE", "NAME"], ...rows]);
  const shown = rows.length === 0 ? "No recurring runs." : table + moreWords(page);
  output.print({ items: page.items.map(recurringShape), next: page.next }, shown);
  return EXIT.ok;
}

async function createRecurring({ output, connect }: Session, name: string, options: CreateOptions): Promise<number> {
  const connection = connect();
  const made = await connection.api.recurringRuns.create.mutate(await requestOf(connection, name, options));
  output.print(recurringShape(made), words(made));
  return EXIT.ok;
}

async function runIt({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const run = await connection.api.recurringRuns.runNow.mutate({ id: await idOf(connection, given) });
  const waits = run.reason === null ? "" : ` ${run.reason.message}`;
  output.print(runShape(run), `${run.name} is accepted.${waits}`);
  return EXIT.ok;
}

/** One recurring run is asked for something; what it is then is printed. */
const asking =
  (ask: (connection: Connection, id: string) => Promise<RecurringRunView>, said: (one: RecurringRunView) => string) =>
  async ({ output, connect }: Session, given: string): Promise<number> => {
    const connection = connect();
    const one = await ask(connection, await idOf(connection, given));
    output.print(recurringShape(one), said(one));
    return EXIT.ok;
  };

async function deleteIt({ api }: Connection, id: string): Promise<RecurringRunView> {
  const one = await api.recurringRuns.get.query({ id });
  await api.recurringRuns.delete.mutate({ id });
  return one;
}

/** A deleted one is found by its id alone. */
async function restoreIt({ output, connect }: Session, given: string): Promise<number> {
  const one = await connect().api.recurringRuns.restore.mutate({ id: given });
  output.print(recurringShape(one), `${one.name} is there again.`);
  return EXIT.ok;
}

const VERBS = [
  {
    name: "get",
    description: "one recurring run and when it is due next",
    work: asking(({ api }, id) => api.recurringRuns.get.query({ id }), words),
  },
  {
    name: "enable",
    description: "enable a recurring run; what came due while it was off is not made up for",
    work: asking(
      ({ api }, id) => api.recurringRuns.enable.mutate({ id }),
      ({ name, nextAt }) => `${name} is enabled; next at ${nextAt ?? "no moment any more"}.`,
    ),
  },
  {
    name: "disable",
    description: "disable a recurring run; its active runs go on",
    work: asking(
      ({ api }, id) => api.recurringRuns.disable.mutate({ id }),
      ({ name }) => `${name} is disabled.`,
    ),
  },
  {
    name: "restore",
    description: "take the deletion of a recurring run back; what came due meanwhile is not made up for",
    work: restoreIt,
  },
  {
    name: "delete",
    description: "delete a recurring run; its runs stay, and active ones go on",
    work: asking(deleteIt, ({ name }) => `${name} is deleted; its runs stay.`),
  },
] as const;

/** Adds the subcommand. */
export function addRecurring(program: Command, action: Wrap): void {
  const recurring = program.command("recurring").description("schedules that make runs");
  withPages(recurring.command("list"))
    .description("the newest recurring runs")
    .option("--search <text>", "only those whose name holds this")
    .option(...JSON_FLAG)
    .action(action(listRecurring));
  recurring
    .command("create")
    .description("make a recurring run")
    .argument("<name>")
    .requiredOption("--pipeline <pipeline>", "id, beginning of an id or name of a pipeline")
    .option("--version <version>", "pin this version, by number or id; else the latest of each moment is run")
    .option("--every <duration>", "due every so often, such as 90s or 1h30m")
    .option("--cron <cron>", "due by five fields from the minute on, six from the second on, or a word such as @daily")
    .option("--once", "due once, at --start or now")
    .option("--zone <zone>", "time zone of the cron, such as Europe/Berlin; else the server's")
    .option("--start <time>", "count from this moment, such as 2026-12-01T09:00:00Z")
    .option("--end <time>", "the last moment that may be due")
    .option("--max-concurrency <n>", "runs that may be active at once, 1 to 10 (1)")
    .addOption(new Option("--overlap <policy>", "what a moment does while as many are active (wait)").choices(OVERLAPS))
    .addOption(new Option("--catch-up <policy>", "which missed moments are made up for (latest)").choices(CATCH_UPS))
    .option("--param <name=value>", "value of a parameter, macros allowed; again for more", gather)
    .option("--tag <name=value>", "tag that its runs are made with; again for more", gather)
    .option("--experiment <experiment>", "id, beginning of an id or name of an experiment")
    .option("--profile <name>", "profile of the runs, else the default one")
    .option(...PRIORITY_FLAG)
    .option("--no-cache", "reuse no earlier result")
    .option("--disabled", "do not enable it yet")
    .option(...JSON_FLAG)
    .action(action(createRecurring));
  recurring
    .command("run")
    .description("make a run now; the schedule stays as it is")
    .argument(...RECURRING_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(runIt));
  for (const { name, description, work } of VERBS)
    recurring
      .command(name)
      .description(description)
      .argument(...RECURRING_ARGUMENT)
      .option(...JSON_FLAG)
      .action(action(work));
}
