/** Compiles a `.py` that defines a pipeline with the user's own kfp, in a process of its own. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { programRoot } from "@/server/platform/root";
import { type CommandError, refused } from "./exit";
import type { SentFile } from "./submit-files";

const run = promisify(execFile);
const MAX_PRINTED_BYTES = 64 * 1024 * 1024;

export interface CompileOptions {
  readonly python: string;
  /** Name of the pipeline's function, where the file holds several. */
  readonly function?: string | undefined;
}

const Report = z.union([
  z.object({ compiled: z.string() }),
  z.object({
    problem: z.enum(["no-kfp", "old-kfp", "none", "several", "unknown-function", "failed"]),
    message: z.string(),
    names: z.array(z.string()),
  }),
]);
type Trouble = Extract<z.infer<typeof Report>, { readonly problem: string }>;

function refusal(
  file: string,
  { python, function: wanted }: CompileOptions,
  { problem, message, names }: Trouble,
): CommandError {
  const list = names.join(", ");
  switch (problem) {
    case "no-kfp":
      return refused(
        `${file} is compiled by your own kfp, and ${python} has none (${message}). Install it with \`${python} -m pip install kfp\`, or name another interpreter with --python.`,
      );
    case "old-kfp":
      return refused(`${python} has kfp ${message}. Install 2.0 or later: \`${python} -m pip install --upgrade kfp\`.`);
    case "none":
      return refused(`${file} defines no pipeline. Decorate a function of it with \`@dsl.pipeline\`.`);
    case "several":
      return refused(`${file} defines ${names.length} pipelines. Say which with --function: ${list}.`);
    case "unknown-function":
      return refused(`${file} defines no pipeline ${wanted ?? ""}.${names.length === 0 ? "" : ` It defines ${list}.`}`);
    case "failed":
      return refused(`${file} does not compile:\n${message}`);
  }
}

/** The interpreter's answer; what the file prints meanwhile is not ours and is dropped. */
async function askPython(argv: readonly string[], report: string, { python }: CompileOptions) {
  const script = join(programRoot(), "pipelines", "runtime", "compile_pipeline.py");
  try {
    await run(python, [script, ...argv], { maxBuffer: MAX_PRINTED_BYTES });
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing)
      throw refused(`${python} does not start. Name an interpreter with --python, or set PENSTOCK_PYTHON.`);
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trimEnd() : String(error);
    throw refused(`${python} ended before it had compiled:\n${said.split("\n").slice(-12).join("\n")}`);
  }
  return Report.parse(JSON.parse(await readFile(report, "utf8")));
}

/** An upload is named after its file, so the file is named after the pipeline: a `.py` may define several. */
const fileName = (name: string): string => name.replace(/[/\\\p{Cc}]+/gu, "-");

/** Compiles `file` and hands the YAML to `use`; the file is gone afterwards. Throws what keeps it from compiling. */
export async function compiled<T>(
  file: string,
  options: CompileOptions,
  use: (sent: SentFile) => Promise<T>,
): Promise<T> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw refused(`There is no file ${file}.`);
  const folder = await mkdtemp(join(tmpdir(), "penstock-compile-"));
  try {
    const output = join(folder, "pipeline.yaml");
    const report = join(folder, "report.json");
    const wanted = options.function === undefined ? [] : [options.function];
    const answer = await askPython([file, output, report, ...wanted], report, options);
    if ("problem" in answer) throw refusal(basename(file), options, answer);
    return await use({ file: output, path: `${fileName(answer.compiled)}.yaml` });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
