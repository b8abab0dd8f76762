"""Executes Python texts one after the other, each in a namespace of its own: a JSON string a line in, an outcome a line out."""

import contextlib
import io
import json
import sys
import traceback

for line in sys.stdin:
    said = io.StringIO()
    error = None
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(json.loads(line), "<snippet>", "exec"), {"__name__": "__main__"})
    except BaseException:
        error = traceback.format_exc()
    print(json.dumps({"error": error, "said": said.getvalue()}), flush=True)
