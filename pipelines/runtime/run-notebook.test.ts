/** The notebook helper, run for real: a virtual environment with nbclient, real kernels, real signals. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, notebook, notebookBench } from "./notebook-testing";

const run = promisify(execFile);
const SLOW = 120_000;

let bench: Awaited<ReturnType<typeof notebookBench>>;

beforeAll(async () => {
  bench = await notebookBench();
}, 300_000);
afterAll(() => bench.close());

function residentBytes(pid: number | undefined): number {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1];
    return Number(pages) * 4096;
  } catch {
    return 0;
  }
}

const OUTPUT_KINDS = new Set(["cell", "output", "clear", "outputs", "cut"]);

/** The course of events, without cells' sources and outputs. */
const kinds = (finished: Finished) =>
  finished.events
    .filter((event) => !OUTPUT_KINDS.has(String(event.kind)))
    .map((event) => `${String(event.kind)} ${String(event.number ?? "")}`.trim());

describe("run_notebook.py", () => {
  it("runs every cell in the given folder, streams output and keeps an executed copy", {
    timeout: SLOW,
  }, async (context) => {
    const finished = await bench.execute(
      context,
      notebook(["import os\nprint('wörk', os.getcwd())", "open('made.txt', 'w').write('x')\n40 + 2"]),
    );
    expect(finished.code).toBe(0);
    expect(finished.log).toContain(`wörk ${join(finished.folder, "work")}`);
    expect(finished.log).toContain("--- cell 2 of 2 ---\n42\n");
    expect(finished.errors).toBe("");
    expect(existsSync(join(finished.folder, "work", "made.txt"))).toBe(true);
    expect(kinds(finished)).toEqual(["kernel", "cell-start 1", "cell-end 1", "cell-start 2", "cell-end 2"]);
    expect(finished.events.find((event) => event.kind === "cell-end")).toMatchObject({
      index: 0,
      id: "c0",
      number: 1,
      of: 2,
      count: 1,
    });
    expect(finished.executed).toContain('"text/plain"');
  });

  it("fails with the cell, the exception and its value, and keeps what ran", { timeout: SLOW }, async (context) => {
    const finished = await bench.execute(
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
    expect(finished.events.find((event) => event.kind === "cell-error")).toMatchObject({
      ename: "ValueError",
      evalue: "no such table",
      allowed: false,
    });
  });

  it("goes on after a cell that is allowed to fail", { timeout: SLOW }, async (context) => {
    const finished = await bench.execute(
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
    if (bench.unavailable !== "") context.skip(bench.unavailable);
    const bare = join(bench.home, "bare");
    await run("python3", ["-m", "venv", "--without-pip", bare]);
    const interpreter = join(bare, "bin", "python");
    const text = notebook([
      "import sys\nprint(sys.executable)\nprint(any('site-packages' in p for p in sys.path[-1:]))",
    ]);
    const finished = await bench.execute(context, text, { args: ["--kernel-python", interpreter] });
    expect(finished.code).toBe(0);
    expect(finished.log).toContain(`${interpreter}\nTrue\n`);
  });

  it("says which interpreter cannot be started", { timeout: SLOW }, async (context) => {
    const finished = await bench.execute(context, notebook(["1"]), { args: ["--kernel-python", "/nowhere/python"] });
    expect(finished.code).toBe(2);
    expect(finished.errors).toContain("Cannot start the Python interpreter /nowhere/python");
    expect(kinds(finished)).toEqual(["failed"]);
  });

  it("takes another language's kernel by name, then by language, else lists what there is", {
    timeout: SLOW,
  }, async (context) => {
    const kernels = join(bench.home, "share");
    mkdirSync(join(kernels, "kernels", "toy-kernel"), { recursive: true });
    const argv = [bench.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
    writeFileSync(
      join(kernels, "kernels", "toy-kernel", "kernel.json"),
      JSON.stringify({ argv, display_name: "Toy", language: "toy" }),
    );
    const env = { JUPYTER_PATH: kernels };
    for (const kernelspec of [
      { name: "toy-kernel", display_name: "T" },
      { name: "old-toy", display_name: "T", language: "toy" },
    ]) {
      const finished = await bench.execute(context, notebook(["print('spoke toy')"], kernelspec), { env });
      expect(finished.code).toBe(0);
      expect(finished.events.find((event) => event.kind === "kernel")).toMatchObject({ name: "toy-kernel" });
    }
    const missing = await bench.execute(
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
    const finished = await bench.execute(context, text, { until: "begun", during: (child) => child.kill("SIGTERM") });
    expect(finished.code).toBe(143);
    expect(finished.errors).toContain("Ended by a signal in cell 1 of 2.");
    expect(finished.executed).toContain("begun");
    expect(finished.executed).toContain("KeyboardInterrupt");
  });

  it("ends a cell that ignores interrupts", { timeout: SLOW }, async (context) => {
    const stubborn =
      "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('begun', flush=True)\ntime.sleep(60)";
    const finished = await bench.execute(context, notebook([stubborn]), {
      until: "begun",
      during: (child) => child.kill("SIGTERM"),
    });
    expect(finished.code).toBe(143);
    expect(finished.executed).toContain("begun");
  });

  it("says that the kernel died", { timeout: SLOW }, async (context) => {
    const finished = await bench.execute(
      context,
      notebook(["import os, signal\nprint('last words', flush=True)", "os.kill(os.getpid(), signal.SIGKILL)"]),
    );
    expect(finished.code).toBe(1);
    expect(finished.errors).toContain("The kernel died in cell 2 of 2.");
    expect(finished.executed).toContain("last words");
  });

  it("tells every cell with the digest of its source, and its outputs while it runs", {
    timeout: SLOW,
  }, async (context) => {
    let seen = "";
    const source = "import time\nprint('early', flush=True)\ntime.sleep(1.5)\nprint('late')\n6 * 7";
    const finished = await bench.execute(context, notebook([source]), {
      until: "early",
      during: () => {
        setTimeout(() => {
          seen = readFileSync(join(bench.lastFolder(), "events.jsonl"), "utf8");
        }, 700);
      },
    });
    expect(finished.code).toBe(0);
    expect(seen).toContain('"text": "early\\n"');
    expect(seen).not.toContain('late\\n"}');
    const cell = finished.events.find((event) => event.kind === "cell");
    const hash = createHash("sha256").update(source).digest("hex");
    expect(cell).toMatchObject({ index: 0, id: "c0", type: "code", hash, source });
    const outputs = finished.events.filter((event) => event.kind === "output").map((event) => event.output);
    expect(outputs).toMatchObject([
      { output_type: "stream", name: "stdout", text: "early\n" },
      { output_type: "stream", name: "stdout", text: "late\n" },
      { output_type: "execute_result", data: { "text/plain": "42" } },
    ]);
  });

  it("keeps a bounded part of 100 MB of output and of too large pictures, with a note, in bounded memory", {
    timeout: SLOW,
  }, async (context) => {
    const cells = [
      "for i in range(100):\n    print('x' * 999_999)",
      "from IPython.display import display\ndisplay({'text/plain': 'small', 'text/html': 'y' * 2_000_000}, raw=True)\ndisplay({'text/plain': 'big', 'text/html': 'z' * 20_000_000}, raw=True)",
      "import resource, os\nprint('after')",
    ];
    let peak = 0;
    let timer: NodeJS.Timeout | undefined;
    const finished = await bench.execute(context, notebook(cells), {
      until: "--- cell 1",
      during: (child) => {
        timer = setInterval(() => {
          peak = Math.max(peak, residentBytes(child.pid));
        }, 20);
      },
    });
    clearInterval(timer);
    expect(finished.code).toBe(0);
    expect(finished.log.length).toBeGreaterThan(100_000_000);
    const executed = JSON.parse(finished.executed).cells.map((cell: { outputs: object[] }) => cell.outputs);
    expect(finished.executed.length).toBeLessThan(4_000_000);
    expect(JSON.stringify(executed[0].at(-1))).toMatch(/The cell printed 9\d\.\d MB more than is kept here/);
    expect(JSON.stringify(executed[1].at(-1))).toContain("too large to keep");
    expect(JSON.stringify(executed[1][0]).length).toBeGreaterThan(2_000_000);
    expect(JSON.stringify(executed[2])).toContain("after");
    const told = JSON.stringify(finished.events).length;
    expect(told).toBeLessThan(2_500_000);
    expect(finished.events.filter((event) => event.kind === "cut").map((event) => event.index)).toEqual([0, 1]);
    expect(peak).toBeLessThan(400_000_000);
  });

  it("takes back cleared outputs and tells updated ones as they ended", { timeout: SLOW }, async (context) => {
    const source = [
      "from IPython.display import clear_output, display",
      "for i in range(3):\n    clear_output(wait=True)\n    print('round', i)",
      "handle = display('first', display_id=True)\nhandle.update('second')",
    ].join("\n");
    const finished = await bench.execute(context, notebook([source]));
    const last = finished.events.findLast((event) => event.kind === "outputs");
    expect(last?.outputs).toMatchObject([{ text: "round 2\n" }, { data: { "text/plain": "'second'" } }]);
    const saved = JSON.parse(finished.executed).cells[0].outputs;
    expect(saved).toMatchObject([{ text: ["round 2\n"] }, { data: { "text/plain": ["'second'"] } }]);
  });

  it("puts typed parameters behind the cell that is tagged for them", { timeout: SLOW }, async (context) => {
    const file = join(bench.home, "parameters.json");
    const value = { text: 'it\'s "fine"\n', list: [1, null, true] };
    writeFileSync(
      file,
      JSON.stringify([
        { name: "rate", value: 0.5 },
        { name: "on", value: true },
        { name: "name", value: 'it\'s "ü"' },
        { name: "deep", value },
        { name: "unset", value: null },
        { name: "empty", value: "" },
      ]),
    );
    const args = ["--kernel-python", bench.python, "--parameters", file];
    const tagged = notebook([
      "x = 1",
      { source: "rate = 0.1\nunset = 'kept'", tags: ["parameters"] },
      "import json\nprint(json.dumps([rate, on, name, deep, unset]))",
    ]);
    const finished = await bench.execute(context, tagged, { args });
    expect(finished.code).toBe(0);
    expect(finished.log).toContain(
      `${JSON.stringify([0.5, true, 'it\'s "\\u00fc"', value, "kept"]).replace("\\\\u", "\\u").replaceAll(",", ", ").replaceAll('":', '": ')}`,
    );
    const cells = JSON.parse(finished.executed).cells;
    expect(cells).toHaveLength(4);
    expect(cells[2].metadata.tags).toEqual(["injected-parameters"]);
    expect(finished.events.filter((event) => event.kind === "cell")).toHaveLength(4);
    const plain = await bench.execute(context, notebook(["print('plain')"]), { args });
    expect(JSON.parse(plain.executed).cells).toHaveLength(1);
  });

  it("writes parameters for R as R does", { timeout: SLOW }, async (context) => {
    const kernels = join(bench.home, "r-share");
    mkdirSync(join(kernels, "kernels", "ir"), { recursive: true });
    // No R is needed to see what would be given to it: this kernel only bears the name.
    const argv = [bench.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
    writeFileSync(
      join(kernels, "kernels", "ir", "kernel.json"),
      JSON.stringify({ argv, display_name: "R", language: "R" }),
    );
    const file = join(bench.home, "r-parameters.json");
    const given = {
      _n: 3,
      big: 5e9,
      rate: 0.5,
      on: false,
      text: 'a "b" \\ ü\n',
      list: [1, "x", null],
      deep: { "k 1": true },
    };
    writeFileSync(file, JSON.stringify(Object.entries(given).map(([name, value]) => ({ name, value }))));
    const text = notebook([{ source: "n = 1", tags: ["parameters"] }], {
      name: "ir",
      display_name: "R",
      language: "R",
    });
    const finished = await bench.execute(context, text, {
      args: ["--parameters", file],
      env: { JUPYTER_PATH: kernels },
    });
    const injected = finished.events.find((event) => event.kind === "cell" && event.index === 1);
    expect(injected?.source).toBe(
      [
        "# Parameters",
        "n <- 3L",
        "big <- 5000000000.0",
        "rate <- 0.5",
        "on <- FALSE",
        'text <- "a \\"b\\" \\\\ ü\\n"',
        'list <- list(1L, "x", NULL)',
        'deep <- list("k 1" = TRUE)',
      ].join("\n"),
    );
  });

  it("leaves no outputs of earlier days in cells that did not run", { timeout: SLOW }, async (context) => {
    const document = JSON.parse(notebook(["1/0", "2"]));
    document.cells[1].outputs = [{ output_type: "stream", name: "stdout", text: "stale" }];
    const finished = await bench.execute(context, JSON.stringify(document));
    expect(finished.code).toBe(1);
    expect(finished.executed).not.toContain("stale");
    expect(finished.events.at(-1)).toMatchObject({ kind: "failed", index: 0 });
  });

  it("has told and saved what ran before it was killed itself", { timeout: SLOW }, async (context) => {
    const cells = ["print('first cell')", "import time\nprint('second begun', flush=True)\ntime.sleep(60)"];
    const finished = await bench.execute(context, notebook(cells), {
      until: "second begun",
      during: (child) => {
        setTimeout(() => child.kill("SIGKILL"), 500);
      },
    });
    expect(finished.code).toBeNull();
    expect(finished.executed).toContain("first cell");
    expect(JSON.stringify(finished.events)).toContain("second begun");
  });

  it("refuses what is no notebook", { timeout: SLOW }, async (context) => {
    const finished = await bench.execute(context, "{}");
    expect(finished.code).toBe(2);
    expect(finished.errors).toContain("is no notebook that can be run");
  });
});
