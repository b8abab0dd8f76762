"""What the installed release offers, and what of it the suite has called with success."""
import functools
import inspect
import re

import kfp
import kfp_server_api
from kfp.cli import cli

try:
    from kfp.kubeflow_client import PipelinesClient
except ImportError:  # releases before 2.17 have none
    PipelinesClient = None


class Seen:
    """Passes everything on to an object and notes which of its methods answered; calls among themselves do not count."""

    def __init__(self, target, seen):
        self._target = target
        self._seen = seen

    def __getattr__(self, name):
        found = getattr(self._target, name)
        if name.startswith("_") or not inspect.ismethod(found):
            return found

        @functools.wraps(found)
        def call(*args, **kwargs):
            answer = found(*args, **kwargs)
            self._seen.add(name)
            return answer

        return call


def public_methods(cls):
    return {name for name, _ in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")}


def commands(group=cli.cli, path=()):
    """Every command of the command line, as its words."""
    found = set()
    for name, command in group.commands.items():
        words = path + (name,)
        found |= commands(command, words) if hasattr(command, "commands") else {" ".join(words)}
    return found


def operation_of(api, method):
    """`run_service_retry_run` and the older `retry_run` are one operation."""
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", api[: -len("Api")]).lower() + "_"
    return "%s.%s" % (api, method[len(prefix) :] if method.startswith(prefix) else method)


def operations():
    """Every operation of the generated client with the method that does it."""
    found = {}
    for api, cls in inspect.getmembers(kfp_server_api, inspect.isclass):
        if api.endswith("Api"):
            for method in public_methods(cls):
                if not method.endswith("_with_http_info"):
                    found[operation_of(api, method)] = (api, method)
    return found


def no_server(word):
    return "it %s and asks no server" % word


CLUSTER_ONLY = "it is for Kubeflow's own controllers, and single-user servers do not register it"

# What is left out, and why.
LEFT_OUT = {
    "kfp.Client": {},
    "PipelinesClient": {},
    "generated": {
        "AuthServiceApi.authorize": CLUSTER_ONLY,
        "DummyFilterServiceApi.get_filter": CLUSTER_ONLY,
        "ReportServiceApi.report_scheduled_workflow": CLUSTER_ONLY,
        "ReportServiceApi.report_workflow": CLUSTER_ONLY,
        "VisualizationServiceApi.create_visualization_v1": CLUSTER_ONLY,
    },
    "commands": {"component build": no_server("builds an image with Docker")},
}


class Coverage:
    """Sets of names that the tests fill, beside those that exist."""

    def __init__(self):
        self.seen = {"kfp.Client": set(), "PipelinesClient": set(), "generated": set(), "commands": set()}
        self.formats = {"table": set(), "json": set()}

    def inventory(self):
        return {
            "kfp.Client": public_methods(kfp.Client),
            "PipelinesClient": public_methods(PipelinesClient) if PipelinesClient else set(),
            "generated": set(operations()),
            "commands": commands(),
        }

    def told(self):
        """Lines for the reader, and what was missed."""
        words = {
            "kfp.Client": "methods of kfp.Client",
            "PipelinesClient": "methods of kubeflow_client.PipelinesClient",
            "generated": "operations of kfp_server_api",
            "commands": "commands of kfp (%d printed as a table, %d as JSON)"
            % tuple(len(self.formats[name]) for name in ("table", "json")),
        }
        lines, missed = [], []
        for kind, there in self.inventory().items():
            if not there:
                lines.append("this release has no %s" % words[kind].split(" of ")[1])
                continue
            left = {name: why for name, why in LEFT_OUT[kind].items() if name in there}
            lines.append("covered %d of %d %s" % (len(self.seen[kind] & there), len(there), words[kind]))
            lines += ["  left out: %s: %s" % one for one in sorted(left.items())]
            missed += ["%s: %s" % (words[kind].split(" (")[0], name) for name in sorted(there - self.seen[kind] - set(left))]
        return lines, missed
