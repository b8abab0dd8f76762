"""Runs one Jupyter notebook, cell by cell, as a step of a run.

    python run_notebook.py --notebook SRC --output OUT.ipynb --cwd DIR --events events.jsonl
                           [--kernel-python PATH] [--kernel NAME]

Started by an interpreter that has nbclient, nbformat and ipykernel (the helper environment).

Contract with whoever starts it:

* SRC is only read. OUT is the executed copy: written whole (rename over) after every cell and at every end,
  so it holds all outputs up to a failure.
* A Python notebook runs on --kernel-python. If that interpreter has no ipykernel and is of the helper's
  version, the helper's packages are lent to it, after its own. Without --kernel-python, and for other
  languages, the kernel is taken by the notebook's (or --kernel's) name, else by its language.
* Output of cells goes to stdout as it comes. Messages of this program go to stderr, the last one says why it failed.
* EVENTS is appended to, one ASCII JSON object a line, `at` in milliseconds since 1970:
    {"at", "kind": "kernel", "name", "language", "python"}
    {"at", "kind": "cell-start", "index", "id", "number", "of"}
    {"at", "kind": "cell-end", "index", "id", "number", "of", "count", "ms"}
    {"at", "kind": "cell-error", ... as cell-end, "ename", "evalue", "traceback", "allowed"}
    {"at", "kind": "failed", "message"}
  `index` counts all cells from 0, `number` from 1; `id` is null where the notebook has no cell ids; `allowed`
  is true for a cell tagged raises-exception, which does not fail the run.
* Exit code: 0 succeeded; 1 a cell failed or the kernel died; 2 the notebook could not be started;
  143 ended by SIGTERM (the running cell is interrupted, after 3 s its kernel is killed; OUT is saved).
* IPYTHONDIR, JUPYTER_RUNTIME_DIR and JUPYTER_CONFIG_DIR are taken from the environment.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from notebook_kernels import CannotStart, kernel_for  # noqa: E402 (this folder may be shared and read-only)

INTERRUPT_PATIENCE = 3.0
LONGEST_TRACEBACK = 64_000
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
    parser.add_argument("--kernel")
    return parser.parse_args()


def report(events, message, code):
    events.write("failed", message=message)
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
        raise CannotStart(f"{path} is no notebook that can be run: {problem}") from None
    if not isinstance(notebook.get("cells"), list):
        raise CannotStart(f"{path} is no notebook that can be run: it has no cells.")
    return notebook


class ExecutedCopy:
    """The notebook with its outputs, saved so often that a failure loses nothing."""

    def __init__(self, notebook, path):
        self.notebook = notebook
        self.path = path
        self.cost = 0.0
        self.saved = 0.0
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)

    def save_if_cheap(self):
        """Skips a save when saving would take more than a tenth of the time: large outputs, many small cells."""
        if time.monotonic() - self.saved >= 10 * self.cost:
            self.save()

    def save(self):
        from nbformat import v4

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


class Screen:
    """Cell output on stdout, at once and without gluing two outputs to one line."""

    def __init__(self):
        self.at_line_start = True

    def show(self, text):
        if text:
            sys.stdout.write(text)
            sys.stdout.flush()
            self.at_line_start = text.endswith("\n")

    def show_line(self, text):
        self.show(("" if self.at_line_start else "\n") + text.rstrip("\n") + "\n")

    def show_message(self, kind, content):
        if kind == "stream":
            self.show(content.get("text", ""))
        elif kind == "error":
            self.show_line("\n".join(content.get("traceback") or [f"{content.get('ename')}: {content.get('evalue')}"]))
        elif kind in ("execute_result", "display_data"):
            text = (content.get("data") or {}).get("text/plain")
            if text:
                self.show_line("".join(text))


def run(options, events):
    try:
        import nbclient
        import nbformat
    except ImportError as problem:
        raise CannotStart(f"{sys.executable} lacks {problem.name}, which runs notebooks. Build the helper environment again.") from None

    notebook = read_notebook(options.notebook)
    name, spec = kernel_for(notebook, options.kernel, options.kernel_python)
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
        return report(events, f"Ended by a signal {progress.place()}.", 143)
    return report(events, *failure)


def execute(client, name, progress, copy):
    """None, or why it failed and the exit code."""
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    try:
        asyncio.run(client.run_to_end())
        return None
    except CellExecutionError as problem:
        return f"Cell {progress.index + 1} of {len(progress.cells)} failed: {problem.ename}: {ANSI.sub('', str(problem.evalue))}", 1
    except DeadKernelError:
        return f"The kernel died {progress.place()}. It may have run out of memory, or was ended from outside.", 1
    except asyncio.CancelledError:
        return "Ended before the kernel was ready.", 1
    except Exception as problem:
        return f"The kernel {name} could not be used: {type(problem).__name__}: {problem}", 2 if progress.index is None else 1
    finally:
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


def socket_folder():
    """A private folder for the kernel's sockets, unlike ports closed to other users; their paths must stay short."""
    for base in (tempfile.gettempdir(), "/tmp"):
        if len(base) <= 60 and os.access(base, os.W_OK):
            return tempfile.TemporaryDirectory(prefix="kernel-", dir=base)
    return contextlib.nullcontext()


def make_client(base, notebook, name, spec, options, sockets, progress, copy):
    """A client of nbclient that streams output, tells progress and ends in order."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager

    class OneKernel(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return spec

    class StepClient(base):
        screen = Screen()
        is_ending = False
        task = None

        def create_kernel_manager(self):
            self.km = AsyncKernelManager(kernel_name=name, kernel_spec_manager=OneKernel())
            if sockets is not None:
                self.km.transport = "ipc"
                self.km.ip = os.path.join(sockets, "kernel")
            return self.km

        async def run_to_end(self):
            self.task = asyncio.current_task()
            return await self.async_execute()

        async def async_start_new_kernel(self, **kwargs):
            # nbclient has just installed handlers that lose the output of the running cell.
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self.end)
            await super().async_start_new_kernel(**kwargs)

        def end(self):
            if self.is_ending:
                return
            self.is_ending = True
            self.shutdown_kernel = "immediate"
            if progress.index is None:
                self.task.cancel()
            else:
                self.ending = asyncio.ensure_future(self.end_cell())

        async def end_cell(self):
            await self.km.interrupt_kernel()
            await asyncio.sleep(INTERRUPT_PATIENCE)
            await self.km.shutdown_kernel(now=True)

        async def async_execute_cell(self, cell, cell_index, **kwargs):
            if self.is_ending:
                raise asyncio.CancelledError
            return await super().async_execute_cell(cell, cell_index, **kwargs)

        def output(self, outs, msg, display_id, cell_index):
            self.screen.show_message(msg["msg_type"], msg["content"])
            return super().output(outs, msg, display_id, cell_index)

    def executing(cell, cell_index):
        progress.start(cell_index)
        StepClient.screen.show_line(f"--- cell {cell_index + 1} of {len(notebook.cells)} ---")

    def executed(cell, cell_index, execute_reply):
        if execute_reply["content"]["status"] == "ok":
            progress.end("cell-end", cell_index)
        copy.save_if_cheap()

    def failed(cell, cell_index, execute_reply):
        content = execute_reply["content"]
        traceback = "\n".join(content.get("traceback") or [])[-LONGEST_TRACEBACK:]
        progress.end(
            "cell-error",
            cell_index,
            ename=content.get("ename", ""),
            evalue=content.get("evalue", ""),
            traceback=traceback,
            allowed="raises-exception" in cell.metadata.get("tags", []),
        )

    return StepClient(
        notebook,
        timeout=None,
        startup_timeout=120,
        resources={"metadata": {"path": options.cwd}},
        on_cell_execute=executing,
        on_cell_executed=executed,
        on_cell_error=failed,
    )


if __name__ == "__main__":
    sys.exit(main())
