"""Runs one compiled pipeline under kfp.local's subprocess runner and prints what it gave as one JSON line.

Usage: kfp_local.py PACKAGE.yaml ROOT ARGUMENTS.json. The files that the tasks left stay below ROOT.
"""
import json
import sys

from kfp import components, local


def told(value):
    """An output value; an artifact as its type, metadata and place."""
    if isinstance(value, list) and value and all(hasattr(one, "schema_title") for one in value):
        return {"artifacts": [told(one)["artifacts"][0] for one in value]}
    if hasattr(value, "schema_title"):
        one = {"type": value.schema_title, "metadata": value.metadata, "uri": value.uri}
        return {"artifacts": [one]}
    return {"value": value}


def main():
    package, root, arguments = sys.argv[1:4]
    workspace = {"workspace_root": root + "-workspace"} if "workspace" in open(package).read() else {}
    runner = local.SubprocessRunner(use_venv=False)
    local.init(runner=runner, pipeline_root=root, raise_on_error=True, **workspace)
    state, outputs, error = "succeeded", {}, None
    try:
        task = components.load_component_from_file(package)(**json.load(open(arguments)))
        outputs = {name: told(value) for name, value in task.outputs.items()}
    except Exception as raised:  # a failed task and what kfp.local cannot do look the same here
        state, error = "failed", "%s: %s" % (type(raised).__name__, raised)
    print("\nRESULT" + json.dumps({"state": state, "outputs": outputs, "error": error}))


main()
