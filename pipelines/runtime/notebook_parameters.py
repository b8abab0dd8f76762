"""Puts the parameters of a run into a notebook: a cell right after the one tagged `parameters`, as papermill does."""

import json
import math


def inject(notebook, parameters, language, new_cell):
    """The index of the injected cell, or None where the notebook has no place for it."""
    write = LANGUAGES.get(language.lower())
    given = [(entry["name"], entry["value"]) for entry in parameters if entry["value"] is not None and entry["value"] != ""]
    at = tagged(notebook, "parameters")
    if write is None or not given or at is None:
        return None
    earlier = tagged(notebook, "injected-parameters")
    source = "# Parameters\n" + "\n".join(write(name, value) for name, value in given)
    cell = new_cell(source, metadata={"tags": ["injected-parameters"]})
    if (notebook.get("nbformat"), notebook.get("nbformat_minor", 0)) < (4, 5):
        cell.pop("id", None)
    if earlier is not None:
        notebook.cells[earlier] = cell
        return earlier
    notebook.cells.insert(at + 1, cell)
    return at + 1


def tagged(notebook, tag):
    for index, cell in enumerate(notebook.cells):
        if cell.get("cell_type") == "code" and tag in (cell.get("metadata") or {}).get("tags", []):
            return index
    return None


def python_value(value):
    return repr(value)


def r_value(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"{value}L" if abs(value) < 2**31 else str(float(value))
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "NA"
    if isinstance(value, str):
        return r_text(value)
    if isinstance(value, dict):
        return "list(" + ", ".join(f"{r_text(str(key))} = {r_value(item)}" for key, item in value.items()) + ")"
    return "list(" + ", ".join(map(r_value, value)) + ")"


def r_text(text):
    escaped = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\177")
    # R knows no \u0000, and no text can hold it.
    return escaped.replace("\\u0000", "")


def r_name(name):
    """A name R takes: it may not begin with an underscore."""
    return name.lstrip("_") or name


LANGUAGES = {
    "python": lambda name, value: f"{name} = {python_value(value)}",
    "r": lambda name, value: f"{r_name(name)} <- {r_value(value)}",
}
