/** Material for tests of the notebook helper: an environment with nbclient, and runs of the helper as a step starts it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, type TestContext } from "vitest";

const run = promisify(execFile);
const HELPER = fileURLToPath(new URL("run_notebook.py", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly log: string;
  readonly errors: string;
  readonly events: readonly Record<string, unknown>[];
  readonly executed: string;
  readonly folder: string;
}

interface Cell {
  readonly source: string;
  readonly tags?: readonly string[];
}

/** A notebook of these code cells. */
export function notebook(
  cells: readonly (string | Cell)[],
  kernelspec: object = { name: "python3", display_name: "P", language: "python" },
) {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: cells.map((cell, index) => {
      const { source, tags = [] } = typeof cell === "string" ? { source: cell } : cell;
      return { cell_type: "code", id: `c${index}`, metadata: { tags }, source, outputs: [], execution_count: null };
    }),
  });
}

/** An environment of its own and what runs the helper in it; `unavailable` says why there is none. */
export async function notebookBench() {
  const home = mkdtempSync(join(tmpdir(), "nb-"));
  const python = join(home, "env", "bin", "python");
  let unavailable = "";
  let count = 0;
  try {
    await run("python3", ["-m", "venv", join(home, "env")]);
    const packages = ["nbclient", "nbformat", "ipykernel"];
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
  } catch (error) {
    unavailable = `no environment with nbclient: ${String(error).slice(0, 300)}`;
  }

  /** Runs the helper to its end; `during` may act on it once its log holds `until`. */
  async function execute(
    context: TestContext,
    text: string,
    options: {
      readonly args?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
      readonly until?: string;
      readonly during?: (child: ChildProcess) => void;
    } = {},
  ): Promise<Finished> {
    if (unavailable !== "") context.skip(unavailable);
    const folder = join(home, `run-${++count}`);
    mkdirSync(join(folder, "work"), { recursive: true });
    const source = join(folder, "source.ipynb");
    writeFileSync(source, text);
    const paths = { output: join(folder, "out", "executed.ipynb"), events: join(folder, "events.jsonl") };
    const args = [
      "--notebook",
      source,
      "--output",
      paths.output,
      "--cwd",
      join(folder, "work"),
      "--events",
      paths.events,
    ];
    const child = spawn(python, [HELPER, ...args, ...(options.args ?? ["--kernel-python", python])], {
      env: {
        NODE_ENV: process.env.NODE_ENV,
        PATH: process.env.PATH,
        HOME: folder,
        IPYTHONDIR: folder,
        JUPYTER_RUNTIME_DIR: folder,
        JUPYTER_CONFIG_DIR: folder,
        ...options.env,
      },
    });
    let log = "";
    let errors = "";
    let acted = false;
    child.stdout.on("data", (bytes: Buffer) => {
      log += bytes.toString("utf8");
      if (acted || options.until === undefined || !log.includes(options.until)) return;
      acted = true;
      options.during?.(child);
    });
    child.stderr.on("data", (bytes: Buffer) => {
      errors += bytes.toString("utf8");
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expect(readFileSync(source, "utf8")).toBe(text);
    const lines = existsSync(paths.events) ? readFileSync(paths.events, "utf8").trim().split("\n") : [];
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return {
      code,
      log,
      errors,
      events,
      executed: existsSync(paths.output) ? readFileSync(paths.output, "utf8") : "",
      folder,
    };
  }

  return {
    home,
    python,
    unavailable,
    execute,
    /** Folder of the run begun last. */
    lastFolder: () => join(home, `run-${count}`),
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
