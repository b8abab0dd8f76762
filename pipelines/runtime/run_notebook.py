"""Runs one Jupyter notebook, cell by cell, as a step of a run.

    python run_notebook.py --notebook SRC --output OUT.ipynb --cwd DIR --events events.jsonl
                           [--kernel-python PATH] [--kernel NAME] [--parameters FILE]

Started by an interpreter that has nbclient, nbformat and ipykernel (the helper environment).

Contract with whoever starts it:

* SRC is only read. OUT is the executed copy, without outputs of earlier days: written whole (rename over) after every
  cell and at every end, so it holds all outputs up to a failure.
* A Python notebook runs on --kernel-python. If that interpreter has no ipykernel and is of the helper's
  version, the helper's packages are lent to it, after its own. Without --kernel-python, and for other
  languages, the kernel is taken by the notebook's (or --kernel's) name, else by its language.
* --parameters is a JSON list of {"name", "value"}. Where a cell is tagged `parameters`, one tagged
  `injected-parameters` follows it with their values as literals of Python or R.
* Output of cells goes to stdout as it comes, all of it. Messages of this program go to stderr, the last one says why
  it failed. In OUT and EVENTS the output of a cell is cut to what notebook_outputs.py says, with a note.
* EVENTS is appended to, one ASCII JSON object a line, `at` in milliseconds since 1970:
    {"at", "kind": "cell", "index", "id", "type", "hash", "source"}     every cell, before anything runs
    {"at", "kind": "kernel", "name", "language", "python"}
    {"at", "kind": "cell-start", "index", "id", "number", "of"}
    {"at", "kind": "output", "index", "output"}     streams in portions, to be joined
    {"at", "kind": "clear", "index"}     what was told of the cell is void
    {"at", "kind": "outputs", "index", "outputs"}     in the place of what was told
    {"at", "kind": "cut", "index"}     not all of the cell's outputs are told
    {"at", "kind": "cell-end", "index", "id", "number", "of", "count", "ms"}
    {"at", "kind": "cell-error", ... as cell-end, "ename", "evalue", "traceback", "allowed"}
    {"at", "kind": "failed", "message", "index"}
  `index` counts all cells from 0, `number` from 1; `id` is null where the notebook has no cell ids; `hash` is the
  SHA-256 of the source; `allowed` is true for a cell tagged raises-exception, which does not fail the run.
* Exit code: 0 succeeded; 1 a cell failed or the kernel died; 2 the notebook could not be started;
  143 ended by SIGTERM (the running cell is interrupted, after 3 s its kernel is killed; OUT is saved).
* IPYTHONDIR, JUPYTER_RUNTIME_DIR and JUPYTER_CONFIG_DIR are taken from the environment.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True

# noqa: E402 for these: the folder may be shared and read-only, so nothing is compiled into it.
from notebook_client import make_client, socket_folder  # noqa: E402
from notebook_kernels import CannotStart, kernel_for  # noqa: E402
from notebook_outputs import shorten  # noqa: E402
from notebook_parameters import inject  # noqa: E402

LONGEST_SOURCE = 256 * 1024
# A save that takes no longer than this is made after every cell, whatever the cells cost.
CHEAP_SAVE = 0.05
SAVE_IT = "Save it in Jupyter again, and upload it."
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def main():
    options = read_options()
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    events = Events(options.events)
    try:
        return run(options, events)
    except CannotStart as problem:
        return report(events, str(problem), 2)


def read_options():
    parser = argparse.ArgumentParser(description="Runs one notebook as a step of a run.")
    for name in ("notebook", "output", "cwd", "events"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--kernel-python")
    parser.add_argument("--parameters")
    parser.add_argument("--kernel")
    return parser.parse_args()


def report(events, message, code, index=None):
    events.write("failed", message=message, index=index)
    sys.stdout.flush()
    print(message, file=sys.stderr, flush=True)
    return code


class Events:
    """The file through which the engine follows the cells."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="ascii", buffering=1)

    def write(self, kind, **fields):
        entry = {"at": int(time.time() * 1000), "kind": kind, **fields}
        self.file.write(json.dumps(entry, ensure_ascii=True) + "\n")


def read_notebook(path):
    import nbformat

    try:
        with open(path, encoding="utf-8-sig") as file:
            notebook = nbformat.reads(file.read(), as_version=4)
    except OSError as problem:
        raise CannotStart(f"Cannot read the notebook {path}: {problem.strerror}.") from None
    except Exception as problem:
        raise CannotStart(f"{os.path.basename(path)} is no notebook that can be run: {problem}. {SAVE_IT}") from None
    if not isinstance(notebook.get("cells"), list):
        raise CannotStart(f"{os.path.basename(path)} is no notebook that can be run: it has no cells. {SAVE_IT}")
    return notebook


class ExecutedCopy:
    """The notebook with its outputs, saved so often that a failure loses nothing."""

    def __init__(self, notebook, path):
        self.notebook = notebook
        self.path = path
        self.cost = 0.0
        self.saved = 0.0
        self.later = None
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)

    def save_soon(self):
        """At once where that is cheap; else after a while, so that many small cells do not wait for large outputs."""
        if self.later is not None:
            return
        wait = 0.0 if self.cost <= CHEAP_SAVE else self.saved + 10 * self.cost - time.monotonic()
        if wait <= 0:
            self.save()
        else:
            self.later = asyncio.get_running_loop().call_later(wait, self.save)

    def save(self):
        from nbformat import v4

        if self.later is not None:
            self.later.cancel()
            self.later = None
        began = time.monotonic()
        draft = f"{self.path}.part"
        try:
            content = v4.writes(self.notebook).encode("utf-8")
        except UnicodeEncodeError:
            content = json.dumps(self.notebook, ensure_ascii=True, indent=1).encode("ascii")
        with open(draft, "wb") as file:
            file.write(content + b"\n")
        os.replace(draft, self.path)
        self.saved = time.monotonic()
        self.cost = self.saved - began


def run(options, events):
    try:
        import nbclient
        import nbformat
    except ImportError as problem:
        raise CannotStart(f"{sys.executable} lacks {problem.name}, which runs notebooks. Build the helper environment again.") from None

    notebook = read_notebook(options.notebook)
    name, spec = kernel_for(notebook, options.kernel, options.kernel_python)
    prepare(notebook, options, spec.language, nbformat.v4.new_code_cell)
    tell_cells(notebook, events)
    events.write("kernel", name=name, language=spec.language, python=options.kernel_python)
    copy = ExecutedCopy(notebook, options.output)
    copy.save()
    progress = Progress(notebook, events)
    with socket_folder() as sockets:
        client = make_client(nbclient.NotebookClient, notebook, name, spec, options, sockets, progress, copy)
        failure = execute(client, name, progress, copy)
    if failure is None:
        return 0
    if client.is_ending:
        return report(events, f"Ended by a signal {progress.place()}.", 143, progress.index)
    message, code = failure
    return report(events, message, code, progress.index)


def prepare(notebook, options, language, new_cell):
    """Takes away outputs of earlier days and puts in the parameters."""
    for cell in notebook.cells:
        if cell.get("cell_type") == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    if options.parameters is None:
        return
    with open(options.parameters, encoding="utf-8") as file:
        parameters = json.load(file)
    index = inject(notebook, parameters, language, new_cell)
    if index is not None:
        print(f"--- parameters put into cell {index + 1} ---", flush=True)


def tell_cells(notebook, events):
    for index, cell in enumerate(notebook.cells):
        source = cell.get("source", "")
        digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        events.write("cell", index=index, id=cell.get("id"), type=cell.get("cell_type"), hash=digest, source=source[:LONGEST_SOURCE])


def execute(client, name, progress, copy):
    """None, or why it failed and the exit code."""
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    try:
        asyncio.run(client.run_to_end())
        return None
    except CellExecutionError as problem:
        value = shorten({"evalue": ANSI.sub("", str(problem.evalue))})["evalue"]
        return f"Cell {progress.index + 1} of {len(progress.cells)} failed: {problem.ename}: {value}", 1
    except DeadKernelError:
        message = f"The kernel died {progress.place()}. It may have run out of memory, crashed or ended itself, or was ended from outside."
        client.settle()
        if progress.index is not None:
            progress.end("cell-error", progress.index, ename="DeadKernelError", evalue=message, traceback="", allowed=False)
        return message, 1
    except asyncio.CancelledError:
        return "Ended before the kernel was ready.", 1
    except Exception as problem:
        return f"The kernel {name} could not be used: {type(problem).__name__}: {problem}", 2 if progress.index is None else 1
    finally:
        client.settle()
        copy.save()


class Progress:
    """Which cell runs, told to the engine."""

    def __init__(self, notebook, events):
        self.cells = notebook.cells
        self.events = events
        self.index = None
        self.began = 0.0

    def identity(self, index):
        return {"index": index, "id": self.cells[index].get("id"), "number": index + 1, "of": len(self.cells)}

    def start(self, index):
        self.index = index
        self.began = time.monotonic()
        self.events.write("cell-start", **self.identity(index))

    def end(self, kind, index, **fields):
        spent = int((time.monotonic() - self.began) * 1000)
        count = self.cells[index].get("execution_count")
        self.events.write(kind, **self.identity(index), count=count, ms=spent, **fields)

    def place(self):
        return "before the first cell" if self.index is None else f"in cell {self.index + 1} of {len(self.cells)}"


if __name__ == "__main__":
    sys.exit(main())
