"""A client of nbclient that streams the outputs of cells, keeps them within bounds, tells progress and ends in order."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile

from notebook_outputs import PORTION_SECONDS, KeptOutputs, ToldOutputs, shorten

INTERRUPT_PATIENCE = 3.0
# Seconds a kernel may need after a cell to hand over the outputs it still holds.
OUTPUT_PATIENCE = 120


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
    from nbformat.v4 import new_output

    class OneKernel(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return spec

    class StepClient(base):
        screen = Screen()
        kept = KeptOutputs()
        told = ToldOutputs(progress.events.write)
        flushing = None
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
            kind = msg["msg_type"]
            self.screen.show_message(kind, msg["content"])
            if self.clear_before_next_output:
                self.forget_outputs()
            content = self.kept.admit(kind, msg["content"])
            if content is None:
                return None
            is_stream = kind == "stream"
            if is_stream and not self.clear_before_next_output and self.kept.join(outs, content.get("name"), content["text"]):
                self.tell_stream(content)
                return None
            self.kept.settle()
            made = super().output(outs, {**msg, "content": content}, display_id, cell_index)
            if is_stream and made is not None:
                self.tell_stream(content)
            elif made is not None:
                self.told.other(made)
            return made

        def tell_stream(self, content):
            if self.told.stream(content["name"], content["text"]) and self.flushing is None:
                self.flushing = asyncio.get_running_loop().call_later(PORTION_SECONDS, self.flush_told)

        def flush_told(self):
            self.flushing = None
            self.told.flush()

        def clear_output(self, outs, msg, cell_index):
            super().clear_output(outs, msg, cell_index)
            if not msg["content"].get("wait"):
                self.forget_outputs()

        def forget_outputs(self):
            self.kept.clear()
            self.told.cleared()

        def _update_display_id(self, display_id, msg):
            self.told.changed = self.told.changed or msg["msg_type"] == "update_display_data"
            super()._update_display_id(display_id, msg)

        def begin_outputs(self, index):
            self.kept.begin()
            self.told.begin(index)

        def settle(self):
            """Finishes the outputs of the cell that ran last; more than once is no harm."""
            self.kept.settle()
            if progress.index is None:
                return
            outs = notebook.cells[progress.index].get("outputs", [])
            note = self.kept.note()
            if note is not None:
                self.kept.dropped = 0
                outs.append(new_output("stream", name="stderr", text=note))
                self.told.say_cut()
                self.told.room = max(self.told.room, len(note))
                self.told.stream("stderr", note)
            self.told.end(outs)
            self.told.changed = False

    def executing(cell, cell_index):
        progress.start(cell_index)
        client.begin_outputs(cell_index)
        client.screen.show_line(f"--- cell {cell_index + 1} of {len(notebook.cells)} ---")

    def executed(cell, cell_index, execute_reply):
        client.settle()
        if execute_reply["content"]["status"] == "ok":
            progress.end("cell-end", cell_index)
        copy.save_soon()

    def failed(cell, cell_index, execute_reply):
        error = shorten(execute_reply["content"])
        progress.end(
            "cell-error",
            cell_index,
            ename=error["ename"],
            evalue=error["evalue"],
            traceback="\n".join(error["traceback"]),
            allowed="raises-exception" in cell.metadata.get("tags", []),
        )

    client = StepClient(
        notebook,
        timeout=None,
        startup_timeout=120,
        iopub_timeout=OUTPUT_PATIENCE,
        resources={"metadata": {"path": options.cwd}},
        on_cell_execute=executing,
        on_cell_executed=executed,
        on_cell_error=failed,
    )
    return client
