"""Runs one lightweight Kubeflow component with the SDK's own executor, its source and input taken from files.

Usage: run_component.py PACKAGE SOURCE INPUT FUNCTION; PACKAGE is where this version of the SDK keeps its executor
(kfp.dsl, or kfp.components before 2.1). It does what PACKAGE.executor_main does, without the modules that only its
command line needs, and gives artifacts of versions before 2.5 their path where the URI is a local one.
"""
import gc

gc.disable()  # Imports make no garbage, and a collection among them costs a tenth of the start.

import importlib
import importlib.util
import json
import logging
import os
import sys


def local_paths(artifact_type):
    """Before 2.5 an artifact knew no path but those of mounted buckets: every other was None."""
    known = artifact_type._get_path

    def path(self):
        found = known(self)
        return self.uri if found is None and self.uri.startswith("/") else found

    artifact_type._get_path = path


def load(source):
    """The component's module, by the name and with the search path that the SDK gives it."""
    name = os.path.basename(source)[: -len(".py")]
    spec = importlib.util.spec_from_file_location(name, source)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, os.path.dirname(source))
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = writes
    return module


def main():
    package, source, given, function = sys.argv[1:5]
    sys.path[0] = os.getcwd()
    logging.basicConfig(
        stream=sys.stdout, format="[KFP Executor %(asctime)s %(levelname)s]: %(message)s", level=logging.INFO
    )
    executor = importlib.import_module(package + ".executor")
    local_paths(importlib.import_module("kfp.dsl").Artifact)
    with open(given, encoding="utf-8") as file:
        text = file.read()
    sys.argv = [
        executor.__file__.replace("executor.py", "executor_main.py"),
        "--component_module_path",
        source,
        "--executor_input",
        text,
        "--function_to_execute",
        function,
    ]
    logging.info('Loading KFP component "%s" from %s', function, source)
    module = load(source)
    executor_input = json.loads(text)
    logging.info("Got executor_input:\n%s", json.dumps(executor_input, indent=4))
    gc.enable()
    written = executor.Executor(executor_input, getattr(module, function)).execute()
    if written is not None:
        logging.info("Wrote executor output file to %s.", written)


if __name__ == "__main__":
    main()
