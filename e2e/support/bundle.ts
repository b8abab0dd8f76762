/** A `.pipeline` as people have it: a script with a folder and data beside it, and a notebook that reads what the script made. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { document, node } from "@/pipelines/elyra/sample-document";

/** Text that the script takes from its dependency folder, so that its log proves the folder came along. */
export const GREETING = "the quince is ripe";

/** What the notebook says about the script's output. */
export const VERDICT = "3 words, longest: quinces";

const script = `import json
from words.count import GREETING, longest

words = [line.strip() for line in open("lexicon/fruit.txt")]
print(GREETING)
json.dump({"count": len(words), "longest": longest(words)}, open("words.json", "w"))
`;

const helpers = `GREETING = ${JSON.stringify(GREETING)}


def longest(words):
    return max(words, key=len)
`;

const cell = (id: string, source: string) => ({
  id,
  cell_type: "code",
  source,
  metadata: {},
  outputs: [],
  execution_count: null,
});

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
  cells: [
    { id: "title", cell_type: "markdown", source: "# What the words say", metadata: {} },
    cell("read", 'import json\nfound = json.load(open("words.json"))'),
    cell("say", "verdict = f\"{found['count']} words, longest: {found['longest']}\"\nprint(verdict)"),
    cell("write", 'open("verdict.md", "w").write(f"# {verdict}\\n")'),
  ],
});

const pipeline = (name: string) =>
  JSON.stringify(
    document(
      [
        node("prepare", {
          parameters: {
            filename: "steps/prepare.py",
            dependencies: ["words", "lexicon/*.txt"],
            include_subdirectories: true,
            outputs: ["words.json"],
          },
        }),
        node("explore", {
          op: "execute-notebook-node",
          after: ["prepare"],
          parameters: { filename: "steps/explore.ipynb", outputs: ["verdict.md"] },
        }),
      ],
      { properties: { name } },
    ),
  );

/** The companions of the pipeline by path; without them it is Incomplete. */
export const COMPANIONS: { readonly [path: string]: string } = {
  "steps/prepare.py": script,
  "steps/words/__init__.py": "",
  "steps/words/count.py": helpers,
  "steps/lexicon/fruit.txt": "fig\npears\nquinces\n",
  "steps/explore.ipynb": notebook,
};

/** Every file of the bundle by path; the pipeline is `<name>.pipeline`. */
export const bundle = (name: string): { readonly [path: string]: string } => ({
  [`${name}.pipeline`]: pipeline(name),
  ...COMPANIONS,
});

/** Writes files below a folder and gives the folder back. */
export function writeFiles(folder: string, files: { readonly [path: string]: string | Uint8Array }): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Whether a run ended because its notebook's packages could not be fetched: then a test says so and is left out. */
export function withoutIndex(run: {
  readonly tasks: readonly { readonly reason: { readonly code: string; readonly message: string } | null }[];
}): string | null {
  const reason = run.tasks.find((task) => task.reason?.code === "environment-failed")?.reason;
  return reason ? `no package index: ${reason.message.slice(0, 300)}` : null;
}
