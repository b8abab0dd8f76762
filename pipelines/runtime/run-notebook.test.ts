/** The notebook helper, run for real: a virtual environment with nbclient, real kernels, real signals. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";

const run = promisify(execFile);
const HELPER = fileURLToPath(new URL("run_notebook.py", import.meta.url));
const SLOW = 120_000;

let home = "";
let python = "";
let unavailable = "";

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "nb-"));
  try {
    await run("python3", ["-m", "venv", join(home, "env")]);
    python = join(home, "env", "bin", "python");
    await run(python, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "nbclient",
      "nbformat",
      "ipykernel",
    ]);
  } catch (error) {
    unavailable = `no environment with nbclient: ${String(error).slice(0, 300)}`;
  }
}, 300_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Finished {
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

let count = 0;

function notebook(
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

const kinds = (finished: Finished) =>
  finished.events.map((event) => `${String(event.kind)} ${String(event.number ?? "")}`.trim());

describe("run_notebook.py", () => {
  it("runs every cell in the given folder, streams output and keeps an executed copy", {
    timeout: SLOW,
  }, async (context) => {
    const finished = await execute(
      context,
      notebook(["import os\nprint('wörk', os.getcwd())", "open('made.txt', 'w').write('x')\n40 + 2"]),
    );
    expect(finished.code).toBe(0);
    expect(finished.log).toContain(`wörk ${join(finished.folder, "work")}`);
    expect(finished.log).toContain("--- cell 2 of 2 ---\n42\n");
    expect(finished.errors).toBe("");
    expect(existsSync(join(finished.folder, "work", "made.txt"))).toBe(true);
    expect(kinds(finished)).toEqual(["kernel", "cell-start 1", "cell-end 1", "cell-start 2", "cell-end 2"]);
    expect(finished.events[2]).toMatchObject({ index: 0, id: "c0", number: 1, of: 2, count: 1 });
    expect(finished.executed).toContain('"text/plain"');
  });

  it("fails with the cell, the exception and its value, and keeps what ran", { timeout: SLOW }, async (context) => {
    const finished = await execute(
      context,
      notebook(["print('kept')", "raise ValueError('no such table')", "print('never')"]),
    );
    expect(finished.code).toBe(1);
    expect(finished.errors.trim()).toBe("Cell 2 of 3 failed: ValueError: no such table");
    expect(finished.log).toContain("Traceback");
    expect(finished.log).not.toContain("never");
    expect(finished.executed).toContain("kept");
    expect(finished.executed).toContain("no such table");
    expect(kinds(finished)).toEqual(["kernel", "cell-start 1", "cell-end 1", "cell-start 2", "cell-error 2", "failed"]);
    expect(finished.events[4]).toMatchObject({ ename: "ValueError", evalue: "no such table", allowed: false });
  });

  it("goes on after a cell that is allowed to fail", { timeout: SLOW }, async (context) => {
    const finished = await execute(
      context,
      notebook([{ source: "1/0", tags: ["raises-exception"] }, "print('after')"]),
    );
    expect(finished.code).toBe(0);
    expect(finished.log).toContain("after");
    expect(finished.events.find((event) => event.kind === "cell-error")).toMatchObject({ allowed: true });
  });

  it("lends its packages to an interpreter that has no kernel of its own, behind that one's own", {
    timeout: SLOW,
  }, async (context) => {
    if (unavailable !== "") context.skip(unavailable);
    const bare = join(home, "bare");
    await run("python3", ["-m", "venv", "--without-pip", bare]);
    const interpreter = join(bare, "bin", "python");
    const text = notebook([
      "import sys\nprint(sys.executable)\nprint(any('site-packages' in p for p in sys.path[-1:]))",
    ]);
    const finished = await execute(context, text, { args: ["--kernel-python", interpreter] });
    expect(finished.code).toBe(0);
    expect(finished.log).toContain(`${interpreter}\nTrue\n`);
  });

  it("says which interpreter cannot be started", { timeout: SLOW }, async (context) => {
    const finished = await execute(context, notebook(["1"]), { args: ["--kernel-python", "/nowhere/python"] });
    expect(finished.code).toBe(2);
    expect(finished.errors).toContain("Cannot start the Python interpreter /nowhere/python");
    expect(kinds(finished)).toEqual(["failed"]);
  });

  it("takes another language's kernel by name, then by language, else lists what there is", {
    timeout: SLOW,
  }, async (context) => {
    const kernels = join(home, "share");
    mkdirSync(join(kernels, "kernels", "toy-kernel"), { recursive: true });
    const argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
    writeFileSync(
      join(kernels, "kernels", "toy-kernel", "kernel.json"),
      JSON.stringify({ argv, display_name: "Toy", language: "toy" }),
    );
    const env = { JUPYTER_PATH: kernels };
    for (const kernelspec of [
      { name: "toy-kernel", display_name: "T" },
      { name: "old-toy", display_name: "T", language: "toy" },
    ]) {
      const finished = await execute(context, notebook(["print('spoke toy')"], kernelspec), { env });
      expect(finished.code).toBe(0);
      expect(finished.events[0]).toMatchObject({ kind: "kernel", name: "toy-kernel" });
    }
    const missing = await execute(
      context,
      notebook(["1"], { name: "julia-1.9", display_name: "J", language: "julia" }),
      { env },
    );
    expect(missing.code).toBe(2);
    expect(missing.errors).toContain('the kernel "julia-1.9" and a kernel for julia');
    expect(missing.errors).toContain("toy-kernel (toy)");
  });

  it("interrupts the running cell on SIGTERM and saves its output", { timeout: SLOW }, async (context) => {
    const text = notebook(["import time\nprint('begun', flush=True)\ntime.sleep(60)", "print('never')"]);
    const finished = await execute(context, text, { until: "begun", during: (child) => child.kill("SIGTERM") });
    expect(finished.code).toBe(143);
    expect(finished.errors).toContain("Ended by a signal in cell 1 of 2.");
    expect(finished.executed).toContain("begun");
    expect(finished.executed).toContain("KeyboardInterrupt");
  });

  it("ends a cell that ignores interrupts", { timeout: SLOW }, async (context) => {
    const stubborn =
      "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('begun', flush=True)\ntime.sleep(60)";
    const finished = await execute(context, notebook([stubborn]), {
      until: "begun",
      during: (child) => child.kill("SIGTERM"),
    });
    expect(finished.code).toBe(143);
    expect(finished.executed).toContain("begun");
  });

  it("says that the kernel died", { timeout: SLOW }, async (context) => {
    const finished = await execute(
      context,
      notebook(["import os, signal\nprint('last words', flush=True)", "os.kill(os.getpid(), signal.SIGKILL)"]),
    );
    expect(finished.code).toBe(1);
    expect(finished.errors).toContain("The kernel died in cell 2 of 2.");
    expect(finished.executed).toContain("last words");
  });

  it("refuses what is no notebook", { timeout: SLOW }, async (context) => {
    const finished = await execute(context, "{}");
    expect(finished.code).toBe(2);
    expect(finished.errors).toContain("is no notebook that can be run");
  });
});
