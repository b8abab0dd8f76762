"""Compiles one pipeline of a Python file with the kfp that is installed beside this interpreter.

compile_pipeline.py SOURCE OUTPUT REPORT [FUNCTION]

OUTPUT becomes the compiled YAML; REPORT says as JSON what happened, because the file may print what it likes:
{"compiled": the pipeline's own name}, or {"problem": code, "message": text, "names": [...]}.
"""

import importlib.util
import json
import os
import sys
import traceback

SHOWN_LINES = 12


def report(path, **answer):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def last_lines(error):
    """The traceback from the user's own file on, without the frames of this script and of the import machinery."""
    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip().split("\n")
    return "\n".join(lines[-SHOWN_LINES:])


def load(source):
    """Imports the file as a module, so that what stands under `if __name__ == "__main__"` does not run."""
    name = os.path.splitext(os.path.basename(source))[0]
    spec = importlib.util.spec_from_file_location(name, source)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, os.path.dirname(source))
    spec.loader.exec_module(module)
    return module


def found_in(module, kind):
    """What stands in the module by name, each object once."""
    found = {}
    for name, value in vars(module).items():
        if isinstance(value, kind) and not any(value is other for other in found.values()):
            found[name] = value
    return found


def chosen(module, function, graph_kind, any_kind):
    """The pipeline that is meant, or how to say which: pipelines first, components where there is no pipeline."""
    everything = found_in(module, any_kind)
    pipelines = found_in(module, graph_kind) or everything
    if function is not None:
        if function in everything:
            return everything[function], None
        return None, ("unknown-function", sorted(pipelines))
    if len(pipelines) == 1:
        return next(iter(pipelines.values())), None
    return None, ("none" if not pipelines else "several", sorted(pipelines))


def main(source, output, report_path, function=None):
    try:
        import kfp
        from kfp import compiler
    except ImportError as error:
        return report(report_path, problem="no-kfp", message=str(error), names=[])
    try:
        from kfp.dsl.base_component import BaseComponent
        from kfp.dsl.graph_component import GraphComponent
    except ImportError:
        return report(report_path, problem="old-kfp", message=getattr(kfp, "__version__", "?"), names=[])
    try:
        module = load(source)
        pipeline, trouble = chosen(module, function, GraphComponent, BaseComponent)
        if trouble is not None:
            return report(report_path, problem=trouble[0], message="", names=trouble[1])
        compiler.Compiler().compile(pipeline, output)
    # A file may end the interpreter while it is read.
    except (Exception, SystemExit) as error:
        return report(report_path, problem="failed", message=last_lines(error), names=[])
    return report(report_path, compiled=pipeline.name)


main(*sys.argv[1:])
