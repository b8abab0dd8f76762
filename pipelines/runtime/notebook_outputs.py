"""What is kept of the outputs of cells: all of a sensible amount, and never more than fits in memory and on a page."""

import json
import time

# Text a cell prints is kept up to here in the notebook; the log has all of it.
CELL_TEXT = 1024 * 1024
# Pictures, tables and pages of one cell, and of all cells together.
CELL_RICH = 16 * 1024 * 1024
ALL_RICH = 128 * 1024 * 1024
# What is told of one cell, and of all cells together, while they run.
CELL_TOLD = 1024 * 1024
ALL_TOLD = 32 * 1024 * 1024
LONGEST_TRACEBACK = 64_000
LONGEST_VALUE = 10_000
# Printed text is told in portions, not a line at a time.
PORTION_SECONDS = 0.1
PORTION_CHARS = 65_536


def size_of(data):
    """Characters of a bundle of representations."""
    return sum(len(value) if isinstance(value, str) else len(json.dumps(value)) for value in data.values())


def shorten(output):
    """An error without a traceback of megabytes."""
    text = "\n".join(map(str, output.get("traceback") or []))
    return {
        "ename": str(output.get("ename", ""))[:LONGEST_VALUE],
        "evalue": str(output.get("evalue", ""))[:LONGEST_VALUE],
        "traceback": text[-LONGEST_TRACEBACK:].split("\n") if text else [],
    }


def in_words(count):
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count} characters"


class KeptOutputs:
    """The outputs of the running cell as they go into the notebook."""

    def __init__(self):
        self.rich_left = ALL_RICH
        self.begin()

    def begin(self):
        self.text = 0
        self.dropped = 0
        self.rich = 0
        self.pieces = []
        self.open = None

    def clear(self):
        """The cell takes its outputs back."""
        self.rich_left += self.rich
        self.begin()

    def admit(self, kind, content):
        """What may be kept of a message; None for nothing of it."""
        if kind == "stream":
            text = content.get("text", "")
            room = max(0, CELL_TEXT - self.text)
            self.text += min(len(text), room)
            self.dropped += max(0, len(text) - room)
            return {**content, "text": text[:room]} if room else None
        if kind == "error":
            return {**content, **shorten(content)}
        data = content.get("data") or {}
        size = size_of(data)
        if size <= min(CELL_RICH - self.rich, self.rich_left):
            self.rich += size
            self.rich_left -= size
            return content
        plain = data.get("text/plain")
        kinds = ", ".join(sorted(data))
        note = f"[An output of {in_words(size)} ({kinds}) was too large to keep.]"
        text = note if not isinstance(plain, str) else f"{plain[:LONGEST_VALUE]}\n{note}"
        return {**content, "data": {"text/plain": text}, "metadata": {}}

    def join(self, outs, name, text):
        """Adds text to the last output if that is of the same stream; whether it was."""
        last = outs[-1] if outs else None
        if last is None or last.get("output_type") != "stream" or last.get("name") != name:
            self.settle()
            return False
        if self.open is not last:
            self.settle()
            self.open = last
        self.pieces.append(text)
        return True

    def settle(self):
        """Puts joined text in its place: once, for strings do not grow cheaply."""
        if self.open is not None:
            self.open["text"] += "".join(self.pieces)
        self.open = None
        self.pieces = []

    def note(self):
        """What a reader has to know of text that was not kept, or None."""
        if self.dropped == 0:
            return None
        return f"[The cell printed {in_words(self.dropped)} more than is kept here; the log of the step has all of it.]\n"


class ToldOutputs:
    """The outputs of cells as events, told soon and within bounds."""

    def __init__(self, write):
        self.write = write
        self.left = ALL_TOLD
        self.begin(None)

    def begin(self, index):
        self.index = index
        self.room = CELL_TOLD
        self.cut = False
        self.changed = False
        self.name = None
        self.pieces = []
        self.waiting = 0
        self.since = 0.0

    def stream(self, name, text):
        """Whether something waits to be told in a while."""
        if self.name != name:
            self.flush()
        if not self.pieces:
            self.since = time.monotonic()
        self.name = name
        self.pieces.append(text)
        self.waiting += len(text)
        if self.waiting >= PORTION_CHARS or time.monotonic() - self.since >= PORTION_SECONDS:
            self.flush()
        return bool(self.pieces)

    def flush(self):
        if not self.pieces:
            return
        text = "".join(self.pieces)
        self.pieces = []
        self.waiting = 0
        room = self.take(len(text))
        if room:
            self.write("output", index=self.index, output={"output_type": "stream", "name": self.name, "text": text[:room]})

    def take(self, wanted):
        room = min(wanted, self.room, self.left)
        self.room -= room
        self.left -= room
        if room < wanted:
            self.say_cut()
        return room

    def say_cut(self):
        """Tells, once a cell, that not all of it is told."""
        if not self.cut:
            self.write("cut", index=self.index)
        self.cut = True

    def other(self, output):
        self.flush()
        self.write("output", index=self.index, output=self.fit(output))

    def fit(self, output):
        """An output with the representations that there is room for, the short ones first."""
        data = output.get("data")
        if data is None:
            self.take(size_of({"all": output}))
            return output
        kept = {}
        for kind, value in sorted(data.items(), key=lambda entry: size_of({"one": entry[1]})):
            size = size_of({"one": value})
            if size > min(self.room, self.left):
                self.say_cut()
                break
            self.take(size)
            kept[kind] = value
        return {**output, "data": kept}

    def cleared(self):
        self.pieces = []
        self.waiting = 0
        self.changed = True
        self.write("clear", index=self.index)

    def end(self, outs):
        """Tells the outputs once more where they are not what was told: changed in place, or cleared many times."""
        self.flush()
        if not self.changed:
            return
        self.room = CELL_TOLD
        told = []
        for output in outs:
            if output.get("output_type") == "stream":
                room = self.take(len(output["text"]))
                told.append({**output, "text": output["text"][:room]})
            else:
                told.append(self.fit(output))
        self.write("outputs", index=self.index, outputs=told)
