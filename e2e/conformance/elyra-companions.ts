/** Companion files for a `.pipeline` that came without them: scripts and notebooks that check what they are given and write what they declare. */
import { joinPath } from "@/pipelines/elyra/paths";
import type { FileBody, PipelineGraph, Step } from "@/pipelines/graph";

interface FileStep extends Step {
  readonly body: FileBody;
}

/** Content by path as seen from the `.pipeline`. */
export function companions(graph: PipelineGraph): { readonly [path: string]: string } {
  const steps = graph.steps.filter((step): step is FileStep => step.body.body === "file");
  const files: Record<string, string> = {};
  for (const need of graph.needs) {
    const path = need.kind === "pattern" ? need.path.replace(/\*+/g, "made").replace(/[?[\]]/g, "x") : need.path;
    if (need.kind !== "output") files[path] = path.endsWith(".py") ? "MADE = True\n" : `made for ${path}\n`;
  }
  for (const file of new Set(steps.map((step) => step.body.file))) {
    const users = steps.filter((step) => step.body.file === file);
    files[file] = programOf(users, graph);
  }
  return files;
}

/** One file may serve several steps: it checks what they have in common and writes what any of them declares. */
function programOf(users: readonly FileStep[], graph: PipelineGraph): string {
  const [first] = users;
  const variables = shared(users.map(({ body }) => [...body.env.map(({ name }) => name), ...body.parameterEnv]));
  const folder = first?.body.file.split("/").slice(0, -1).join("/") ?? "";
  const inputs = shared(users.map((user) => inputsOf(user, graph, folder)));
  const outputs = [...new Set(users.flatMap(({ body }) => body.outputs))].map((name) => name.replace(/[*?]+/g, "made"));
  const source = [
    "import os",
    `for name in ${JSON.stringify([...variables, "ELYRA_RUNTIME_ENV", "ELYRA_RUN_NAME"])}:`,
    '    assert os.environ.get(name), f"the variable {name} is not set"',
    `for path in ${JSON.stringify(inputs)}:`,
    '    assert os.path.exists(path), f"{path} of an earlier step is not there"',
    `for path in ${JSON.stringify(outputs)}:`,
    "    if os.path.dirname(path):",
    "        os.makedirs(os.path.dirname(path), exist_ok=True)",
    "    with open(path, 'w') as file:",
    "        file.write(f'made as {path}\\n')",
    "print('made', os.path.basename(os.getcwd()))",
  ].join("\n");
  switch (first?.body.runner) {
    case "notebook":
      return notebook(source);
    case "r":
      return 'cat("made\\n")\n';
    default:
      return `${source}\n`;
  }
}

function shared(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  return [...new Set(first)].filter((item) => others.every((list) => list.includes(item)));
}

/** Files that steps before this one, in the same folder, declare by name. */
function inputsOf(step: FileStep, graph: PipelineGraph, folder: string): readonly string[] {
  const byPath = new Map(graph.steps.map((one) => [one.path, one]));
  const seen = new Set<string>();
  const waiting = [...step.dependsOn];
  const found: string[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const earlier = byPath.get(next);
    if (earlier === undefined || seen.has(next)) continue;
    seen.add(next);
    waiting.push(...earlier.dependsOn);
    const body = earlier.body.body === "file" ? earlier.body : null;
    const isBeside = body !== null && joinPath(folder, body.file.split("/").at(-1) ?? "") === body.file;
    if (isBeside) found.push(...body.outputs.filter((output) => !/[*?[]/.test(output)));
  }
  return found.sort();
}

/** A notebook with one cell of text and one of code. */
function notebook(source: string, language = "python"): string {
  const kernelspec = { name: language === "python" ? "python3" : language, display_name: language, language };
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: [
      { id: "title", cell_type: "markdown", source: "# Made for a test", metadata: {} },
      { id: "work", cell_type: "code", source, metadata: {}, outputs: [], execution_count: null },
    ],
  });
}
