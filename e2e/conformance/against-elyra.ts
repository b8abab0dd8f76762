/** Runs `.pipeline` files here and by Elyra's own local run, and compares the order of the steps and the files they left. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { openDatabase } from "@/db/client";
import { parsePipeline } from "@/pipelines";
import type { PipelineGraph } from "@/pipelines/graph";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskView } from "@/server/domain/views/tasks";
import { writeFiles } from "../support/bundle";
import type { Case } from "./case";
import { type Product, tried } from "./tried";

/** Why a file that runs here is not compared: what Elyra's own local run does not do. */
function leftOut(one: Case, graph: PipelineGraph): string | null {
  if (graph.formatVersion.includes("migrated"))
    return "Elyra runs version 8 alone and asks to open older files in its editor";
  if (graph.steps.some(({ body }) => body.body === "file" && body.parameterEnv.length > 0))
    return "Elyra's local run does not hand over the parameters of a pipeline";
  if (one.profile !== undefined || one.prepare !== undefined)
    return "it needs secrets or mounts, which Elyra's local run leaves out";
  return null;
}

/** Steps add their name to it, so that the order of a run can be read from its folder. */
const ORDER = "order.txt";

/** An environment with Elyra in a folder that may be kept; throws pip's words where it cannot be had. */
export function installElyra(folder: string): string {
  const command = join(folder, "bin", "elyra-pipeline");
  if (!existsSync(command)) {
    execFileSync("python3", ["-m", "venv", folder]);
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "elyra"];
    execFileSync(join(folder, "bin", "python"), args, { stdio: "pipe" });
  }
  return command;
}

const isProgram = (path: string): boolean => /\.(?:ipynb|py)$/.test(path);

/** The program with a last line that tells that it ran. */
function telling(path: string, folder: string, text: string): string {
  const order = join(relative(dirname(path), folder), ORDER);
  const line = `\nwith open(${JSON.stringify(order)}, 'a') as told:\n    told.write(${JSON.stringify(`${path}\n`)})\n`;
  if (path.endsWith(".py")) return `${text}${line}`;
  const notebook = JSON.parse(text) as { cells: { cell_type: string; source: string | string[] }[] };
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, source: `${[cell.source].flat().join("")}${line}` } : cell,
  );
  return JSON.stringify({ ...notebook, cells });
}

function entryOf(one: Case): { readonly path: string; readonly graph: PipelineGraph } {
  const [path = "", text = ""] = Object.entries(one.files).find(([name]) => name.endsWith(".pipeline")) ?? [];
  const parsed = parsePipeline({ fileName: basename(path), text: String(text) });
  if (!parsed.ok) throw new Error(`${path} cannot be read`);
  return { path, graph: parsed.graph };
}

function programsOf(graph: PipelineGraph, folder: string): Set<string> {
  const files = graph.steps.flatMap(({ body }) => (body.body === "file" ? [join(folder, body.file)] : []));
  return new Set(files);
}

/** Files below a folder, by relative path; what an editor or a runner keeps for itself is left out. */
function filesBelow(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const kept = paths.filter((path) => !/(^|\/)(?:\.ipynb_checkpoints|__pycache__)\/|\.log$/.test(path));
  return new Map(kept.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

/** What the cells of an executed notebook printed. */
function printed(text: string): string {
  const { cells } = JSON.parse(text) as {
    readonly cells: readonly { readonly outputs?: readonly { readonly text?: string | readonly string[] }[] }[];
  };
  return cells.flatMap(({ outputs = [] }) => outputs.map(({ text: said = "" }) => [said].flat().join(""))).join("");
}

/** What a folder holds beyond what was uploaded, and what its notebooks printed. */
function made(all: ReadonlyMap<string, string>, given: Case["files"]): Map<string, string> {
  const others = [...all].filter(
    ([path, text]) => path !== ORDER && !path.endsWith(`/${ORDER}`) && text !== given[path],
  );
  return new Map(others.map(([path, text]) => [path, path.endsWith(".ipynb") ? `printed ${printed(text)}` : text]));
}

/** Steps that came before one they depend on. */
function disorder(graph: PipelineGraph, folder: string, order: string, who: string): string[] {
  const ran = order.trim().split("\n");
  const files = new Map(
    graph.steps.flatMap(({ path, body }) => (body.body === "file" ? [[path, join(folder, body.file)] as const] : [])),
  );
  const wrong = ran.length === files.size ? [] : [`${who}: ${ran.length} steps ran, not ${files.size}`];
  for (const { path, dependsOn } of graph.steps) {
    const at = ran.indexOf(files.get(path) ?? "");
    for (const before of dependsOn) {
      if (ran.indexOf(files.get(before) ?? "") > at) wrong.push(`${who}: ${path} came before ${before}`);
    }
  }
  return wrong;
}

/** The executed copies of our run's notebooks in the place of the sources, which a run leaves as they were. */
async function withExecuted(all: Map<string, string>, run: RunView, { api, server }: Product): Promise<void> {
  for (const task of run.tasks) {
    const { outputs } = await api.query<TaskView>("tasks.get", { id: task.id });
    for (const { name, path } of Object.values(outputs.artifacts).flat()) {
      const source = path?.endsWith(".ipynb") ? [...all.keys()].find((file) => basename(file) === name) : undefined;
      if (source !== undefined && path != null) all.set(source, readFileSync(join(server.home, path), "utf8"));
    }
  }
}

async function compared(one: Case, product: Product, elyra: string): Promise<readonly string[]> {
  const { path, graph } = entryOf(one);
  const folder = dirname(path);
  const programs = programsOf(graph, folder);
  const files = Object.fromEntries(
    Object.entries(one.files).map(([name, text]) => [
      name,
      isProgram(name) && programs.has(name) ? telling(name, folder, String(text)) : String(text),
    ]),
  );
  const verdict = await tried({ ...one, name: `${one.name} compared`, files }, product);
  if (verdict.is !== "passed" || verdict.run === null) {
    return verdict.is === "failed" ? verdict.wrong : ["it was not run here"];
  }
  const ours = filesBelow(product.server.files.workspace(keyOf(verdict.run, product)));
  await withExecuted(ours, verdict.run, product);
  const there = mkdtempSync(join(tmpdir(), "penstock-elyra-"));
  try {
    writeFiles(there, files);
    const env = { ...process.env, PATH: `${dirname(elyra)}:${process.env.PATH}` };
    await promisify(execFile)(elyra, ["run", basename(path)], { cwd: join(there, folder), env, maxBuffer: 2 ** 26 });
    const theirs = filesBelow(there);
    const order = join(folder, ORDER);
    const [mine, other] = [made(ours, files), made(theirs, files)];
    const names = [...new Set([...mine.keys(), ...other.keys()])].sort();
    return [
      ...disorder(graph, folder, ours.get(order) ?? "", "here"),
      ...disorder(graph, folder, theirs.get(order) ?? "", "Elyra"),
      ...names
        .filter((name) => withoutPlaces(mine.get(name), folder) !== withoutPlaces(other.get(name), folder))
        .map((name) => `${name}: here ${JSON.stringify(mine.get(name))}, there ${JSON.stringify(other.get(name))}`),
    ];
  } finally {
    rmSync(there, { recursive: true, force: true });
  }
}

/** The programs print the name of the folder they stand in, which at the top is the runner's own. */
const withoutPlaces = (text: string | undefined, folder: string): string | undefined =>
  folder === "." ? text?.replace(/^(printed )?made \S+$/m, "$1made <top>") : text;

/** The run's key, which names its folder. */
function keyOf(run: RunView, { server }: Product): number {
  const db = openDatabase(server.files.database, { readonly: true });
  try {
    return Number(db.$client.prepare("select key from run where id = ?").pluck().get(run.id));
  } finally {
    db.$client.close();
  }
}

/** Compares every `.pipeline` that both run; prints a line each and gives how many were equal and different. */
export async function againstElyra(cases: readonly Case[], product: Product, elyra: string) {
  const counts = { equal: 0, different: 0 };
  for (const one of cases.filter(({ name, expect }) => name.endsWith(".pipeline") && expect.is === "ended")) {
    const reason = leftOut(one, entryOf(one).graph);
    if (reason !== null) {
      console.log(`left out ${one.name}: ${reason}`);
      continue;
    }
    const wrong = await compared(one, product, elyra).catch((error: unknown) => [String(error).slice(0, 1_500)]);
    counts[wrong.length === 0 ? "equal" : "different"] += 1;
    const lines = wrong.map((line) => `       ${line.slice(0, 800)}`);
    console.log([`${wrong.length === 0 ? "equal" : "DIFFERENT"} ${one.name}`, ...lines].join("\n"));
  }
  return counts;
}
