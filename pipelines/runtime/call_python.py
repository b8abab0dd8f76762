"""Calls a Python program as its command line would have, with arguments from a file: for commands too long for the system.

    python call_python.py ORDER.json

ORDER.json: {"module" | null, "file", "name", "folder", "arguments"}

Standard library only, Python 3.7 and later.
"""

import json
import runpy
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        call = json.load(file)
    sys.argv = [call["name"], *call["arguments"]]
    sys.path[0] = call["folder"]
    if call["module"] is None:
        runpy.run_path(call["file"], run_name="__main__")
    else:
        runpy.run_module(call["module"], run_name="__main__", alter_sys=True)


main()
