/** `penstock envs`: the Python environments that steps run in, made ahead of time, inspected and removed. */
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { parsePipeline } from "@/pipelines";
import { shellWords, unwrapPython } from "@/server/domain/kfp/python-wrapper";
import type { EnvironmentView, EnvironmentWishView } from "@/server/domain/views/surroundings";
import type { Connection } from "./connection";
import { EXIT, refused } from "./exit";
import { columns } from "./output";
import { gather, JSON_FLAG, type Session, type Wrap } from "./session";

const POLL_MS = 300;

type Line = readonly string[];

const bytes = (size: number | null): string => (size === null ? "–" : `${(size / 1_048_576).toFixed(1)} MiB`);
const packagesOf = ({ lines }: EnvironmentView): string =>
  lines.flatMap((line) => line.filter((word) => !word.startsWith("-"))).join(", ") || "nothing";

function row(one: EnvironmentView): string[] {
  const state = one.isInUse ? "in use" : one.state;
  const used = one.lastUsedAt?.slice(0, 19) ?? "–";
  return [one.key.slice(0, 12), state, one.python, bytes(one.size), used, packagesOf(one)];
}

async function listEnvironments({ output, connect }: Session): Promise<number> {
  const items = await connect().api.environments.list.query();
  const table = output.table([["KEY", "STATE", "PYTHON", "SIZE", "LAST USED", "PACKAGES"], ...items.map(row)]);
  output.print({ items, next: null }, items.length === 0 ? "No Python environments." : table);
  return EXIT.ok;
}

/** The whole key that a beginning of it means. */
async function keyOf({ api }: Connection, given: string): Promise<string> {
  const found = (await api.environments.list.query()).filter(({ key }) => key.startsWith(given));
  const [only, ...more] = found;
  if (only === undefined) throw refused(`There is no Python environment ${given}.`);
  if (more.length > 0) throw refused(`${found.length} environments begin with ${given}. Give more of the key.`);
  return only.key;
}

function words(one: EnvironmentView): string {
  const rows = [
    ["state", one.isInUse ? `${one.state}, in use` : one.state],
    ["python", one.python],
    ["size", bytes(one.size)],
    ["made", one.createdAt ?? "–"],
    ["last used", one.lastUsedAt ?? "–"],
    ...one.lines.map((line) => ["pip install", line.join(" ")]),
  ];
  const table = columns(rows.map(([name = "", ...rest]) => [`  ${name}`, ...rest]));
  return [one.key, table, ...(one.problem === null ? [] : [one.problem])].join("\n");
}

async function showEnvironment({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const view = await connection.api.environments.get.query({ key: await keyOf(connection, given) });
  output.print(view, words(view));
  return EXIT.ok;
}

async function removeEnvironment({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const key = await keyOf(connection, given);
  const view = await connection.api.environments.remove.mutate({ key });
  output.print(view, `${key} is removed. The next step that needs it builds it again.`);
  return EXIT.ok;
}

async function sweep({ output, connect }: Session): Promise<number> {
  const items = await connect().api.environments.sweep.mutate();
  const freed = items.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const told = items.length === 0 ? "Nothing had to go." : `${items.length} removed, ${bytes(freed)} freed.`;
  output.print({ items, next: null }, told);
  return EXIT.ok;
}

/** The pip lines of every component of a compiled pipeline, each set once. */
function linesOfFile(path: string): Line[][] {
  const parsed = parsePipeline({ fileName: basename(path), text: readFileSync(path, "utf8") });
  if (!parsed.ok) throw refused(`${path} is no pipeline that could be read.`);
  const sets = parsed.graph.steps.flatMap(({ body }) => {
    const packages = body.body === "container" ? unwrapPython(body.command, body.args)?.packages : undefined;
    return packages === undefined || packages.length === 0 ? [] : [packages.map((line) => [...line])];
  });
  const byText = new Map(sets.map((lines) => [JSON.stringify(lines), lines]));
  if (byText.size === 0) throw refused(`No step of ${path} installs Python packages.`);
  return [...byText.values()];
}

function lineOf(text: string): Line {
  const line = shellWords(text);
  if (line === null || line.length === 0) {
    throw refused(`"${text}" is no line of pip: give what follows \`pip install\`, each line as one argument.`);
  }
  return line;
}

/** Follows a build to its end and tells what it says meanwhile. */
async function followed(session: Session, connection: Connection, wish: EnvironmentWishView) {
  let told = 0;
  for (let now = wish; ; now = await connection.api.environments.request.query({ id: wish.id })) {
    const news = now.log.slice(told).trimEnd();
    if (news !== "") session.output.note(news);
    told = now.log.length;
    if (now.state === "ready" || now.state === "failed") return now;
    await delay(POLL_MS);
  }
}

interface AddOptions {
  readonly python?: string;
  readonly for?: readonly string[];
}

async function addEnvironments(session: Session, lines: readonly string[], options: AddOptions): Promise<number> {
  const { output, connect, surroundings } = session;
  const files = (options.for ?? []).flatMap((path) => linesOfFile(resolve(surroundings.cwd, path)));
  const sets = [...(lines.length === 0 ? [] : [lines.map(lineOf)]), ...files];
  if (sets.length === 0) throw refused("Name packages, or a compiled pipeline with --for.");
  const connection = connect();
  const made: EnvironmentView[] = [];
  for (const set of sets) {
    const wish = await connection.api.environments.add.mutate({
      python: options.python ?? null,
      lines: set.map((line) => [...line]),
    });
    const end = await followed(session, connection, wish);
    if (end.key === null) throw refused(end.message ?? "The environment could not be made.");
    made.push(await connection.api.environments.get.query({ key: end.key }));
  }
  output.print({ items: made, next: null }, made.map(words).join("\n"));
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addEnvironmentCommands(program: Command, action: Wrap): void {
  const envs = program.command("envs").description("Python environments of steps: list, show, add, remove, sweep");
  envs
    .command("list", { isDefault: true })
    .description("all of them, those last used first")
    .option(...JSON_FLAG)
    .action(action(listEnvironments));
  envs
    .command("show")
    .description("one of them, with the pip lines it was made from")
    .argument("<key>", "the key or its beginning")
    .option(...JSON_FLAG)
    .action(action(showEnvironment));
  envs
    .command("add")
    .description("make one ahead of time, so that steps find it ready, also without a package index")
    .argument("[line...]", "what follows `pip install`, each line as one argument")
    .option("--python <interpreter>", "interpreter by name or path (the server's)")
    .option("--for <file>", "make those that a compiled pipeline needs; again for more", gather)
    .option(...JSON_FLAG)
    .action(action(addEnvironments));
  envs
    .command("remove")
    .description("remove one that no running step uses")
    .argument("<key>", "the key or its beginning")
    .option(...JSON_FLAG)
    .action(action(removeEnvironment));
  envs
    .command("sweep")
    .description("remove those unused for longest, down to the setting max-environment-bytes")
    .option(...JSON_FLAG)
    .action(action(sweep));
}
