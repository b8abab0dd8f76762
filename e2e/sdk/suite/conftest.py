"""What every test of the suite is given, and how the suite tells what came of it: lines and one line of counts."""
import itertools
import json
import os
import urllib.request
import uuid

import kfp
import kfp_server_api
import pytest
from covered import Coverage, PipelinesClient, Seen, operations
from small_pipelines import Packages

SETTINGS = json.load(open(os.environ["SDK_SUITE"]))
COVERAGE = Coverage()
numbers = itertools.count(1)
session_name = uuid.uuid4().hex[:6]


@pytest.fixture(scope="session")
def settings():
    """`url`, `token`, `fixtures`, `seeded`: what the server is and has."""
    return SETTINGS


@pytest.fixture(scope="session")
def coverage():
    return COVERAGE


@pytest.fixture(scope="session")
def plain_client():
    return kfp.Client(host=SETTINGS["url"], existing_token=SETTINGS["token"])


@pytest.fixture(scope="session")
def client(plain_client):
    return Seen(plain_client, COVERAGE.seen["kfp.Client"])


@pytest.fixture(scope="session")
def api_client():
    configuration = kfp_server_api.Configuration(host=SETTINGS["url"])
    configuration.api_key["authorization"] = SETTINGS["token"]
    configuration.api_key_prefix["authorization"] = "Bearer"
    return kfp_server_api.ApiClient(configuration)


@pytest.fixture(scope="session")
def generated(api_client):
    """Calls an operation of the generated client by its name in any release: `generated("RunServiceApi.get_run", …)`."""
    known = operations()

    def call(operation, *args, **kwargs):
        if operation not in known:
            pytest.skip("this release has no %s" % operation)
        api, method = known[operation]
        answer = getattr(getattr(kfp_server_api, api)(api_client), method)(*args, **kwargs)
        COVERAGE.seen["generated"].add(operation)
        return answer

    return call


@pytest.fixture(scope="session")
def pipelines_client():
    if PipelinesClient is None:
        pytest.skip("this release has no PipelinesClient")
    from kfp.kubeflow_client import KubernetesBackendConfig

    config = KubernetesBackendConfig(base_url=SETTINGS["url"], user_token=SETTINGS["token"])
    return Seen(PipelinesClient(config), COVERAGE.seen["PipelinesClient"])


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    return Packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture
def unique():
    """A name that nothing has yet."""
    return lambda word: "%s %s-%d" % (word, session_name, next(numbers))


@pytest.fixture(scope="session")
def ended(plain_client):
    """Waits for the end of a run without the SDK's pauses of five seconds."""
    return lambda run_id: plain_client.wait_for_run_completion(run_id, timeout=60, sleep_duration=0.1)


@pytest.fixture(scope="session")
def opened():
    """Status and type of the page behind a link."""

    def get(link):
        request = urllib.request.Request(link, headers={"Authorization": "Bearer " + SETTINGS["token"]})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type()

    return get


counts = {"passed": 0, "failed": 0, "skipped": 0}


def told_name(nodeid):
    file, _, test = nodeid.partition("::")
    return "%s: %s" % (os.path.basename(file)[len("test_") : -len(".py")], test[len("test_") :].replace("_", " "))


def tell(outcome, name, reason=""):
    counts[outcome] += 1
    word = {"passed": "ok  ", "failed": "FAIL", "skipped": "skipped:"}[outcome]
    print("%s %s%s" % (word, name, reason and ": " + reason), flush=True)


def what_broke(report):
    """The lines of the test that led there, and the error; not the SDK's own sources."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return report.longreprtext
    places = [entry.reprfileloc for entry in report.longrepr.reprtraceback.reprentries if entry.reprfileloc]
    names = [(os.path.basename(one.path), one.lineno) for one in places]
    lines = ["%s:%d" % (name, line) for name, line in names if name.startswith("test_")]
    said = [line for line in crash.message.splitlines() if not line.strip().startswith("HTTP response headers")]
    return "%s: %s" % (" > ".join(lines), "\n     ".join(said))


def pytest_runtest_logreport(report):
    name = told_name(report.nodeid) + (" (%.1f s)" % report.duration if report.duration > 1 else "")
    if report.failed:
        tell("failed", name, what_broke(report))
    elif report.skipped:
        tell("skipped", name, report.longrepr[2].replace("Skipped: ", ""))
    elif report.when == "call":
        tell("passed", name)


def pytest_collectreport(report):
    if report.failed:
        tell("failed", "reading %s" % report.nodeid, report.longreprtext)


def pytest_sessionfinish(session):
    lines, missed = COVERAGE.told()
    if not SETTINGS["part"]:
        for one in missed:
            tell("failed", one, "it exists, is not covered and not left out with a reason")
    for line in lines:
        print(line)
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts, flush=True)
