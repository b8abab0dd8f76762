"""Every command of the `kfp` command line, printed as a table and as JSON."""
import json
import os
import re
import subprocess
import sys
import time

import command_line
import pytest
from kfp import __version__ as kfp_version
from kfp.cli import cli
from small_pipelines import greeting, noting, waiting

HEADERS = {
    "pipeline": ["ID", "NAME", "CREATED AT"],
    "version": ["ID", "NAME", "CREATED AT", "PARENT ID"],
    "experiment": ["ID", "NAME", "CREATED AT", "STORAGE STATE"],
    "run": ["ID", "NAME", "CREATED AT", "STATE", "STORAGE STATE"],
    "recurring run": ["ID", "NAME", "CREATED AT", "EXPERIMENT ID", "STATUS"],
}


@pytest.fixture(scope="session")
def environment(settings):
    """`KFP_…` stands for every option of the command; releases without one for the token take a header from their file."""
    if "existing_token" not in {option.name for option in cli.cli.params}:
        header = {"name": "authorization", "value": "Bearer " + settings["token"]}
        context = {"client_authentication_header_" + key: value for key, value in header.items()}
        path = os.path.expanduser("~/.config/kfp/context.json")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            json.dump({"namespace": "", **context}, file)
    return {"KFP_ENDPOINT": settings["url"], "KFP_EXISTING_TOKEN": settings["token"]}


class Command:
    """Runs commands, asserts that they end well, and reads what they printed."""

    def __init__(self, output, environment, coverage):
        self.output, self.environment, self.coverage = output, environment, coverage

    def __call__(self, words, *args, typed=""):
        arguments = ["--output", self.output, *words.split(" "), *args]
        ran = command_line.run(arguments, typed, self.environment)
        assert ran.exit == 0, "kfp %s: %s%s" % (" ".join(arguments), ran.out, ran.err)
        self.coverage.seen["commands"].add(words)
        self.coverage.formats[self.output].add(words)
        return ran.out

    def rows(self, noun, *args, **kwargs):
        """What a command printed, by id: the cells of its table after the headers, or the objects of its JSON."""
        out = self(*args, **kwargs)
        if self.output == "json":
            answer = command_line.printed_json(out)
            key = {"version": "pipeline_version_id"}.get(noun, noun.replace(" ", "_") + "_id")
            return {one[key]: one for one in (answer if isinstance(answer, list) else [answer])}
        table = [re.split(r"\s{2,}", line.strip()) for line in out.splitlines() if line.strip()]
        at = table.index(HEADERS[noun])
        return {cells[0]: cells for cells in table[at + 1 :] if len(cells) == len(HEADERS[noun])}

    def one(self, noun, *args, **kwargs):
        [(found, row)] = self.rows(noun, *args, **kwargs).items()
        return found, row

    def deleted(self, words, *ids):
        out = self(words, *ids, typed="y\n")
        if self.output == "json":
            assert command_line.printed_json(out) == ids[-1]
        else:
            assert out.rstrip().endswith("%s deleted." % ids[-1])


@pytest.fixture(params=["table", "json"])
def kfp(request, environment, coverage):
    return Command(request.param, environment, coverage)


def test_pipeline(kfp, packages, unique):
    name = unique("by command")
    pipeline_id, _ = kfp.one("pipeline", "pipeline create", "-p", name, "-d", "described", packages.of(greeting))
    assert pipeline_id in kfp.rows("pipeline", "pipeline list")
    assert kfp.one("pipeline", "pipeline get", pipeline_id)[0] == pipeline_id
    # The command of 2.0.0 looks a pipeline up by its name and then forgets what it found.
    by_name = [] if kfp_version == "2.0.0" else [("-n", name)]
    for option, value in [("-p", pipeline_id), *by_name]:
        kfp("pipeline create-version", packages.of(noting), "-v", "second by %s" % option, option, value)
    versions = kfp.rows("version", "pipeline list-versions", pipeline_id, "--sort-by", "created_at asc")
    assert len(versions) == 2 + len(by_name)
    for version_id in versions:
        assert kfp("pipeline get-version", pipeline_id, version_id)
        kfp.deleted("pipeline delete-version", pipeline_id, version_id)
    kfp.deleted("pipeline delete", pipeline_id)


def test_experiment(kfp, unique):
    name = unique("by command")
    made, _ = kfp.one("experiment", "experiment create", "-d", "described", name)
    assert made in kfp.rows("experiment", "experiment list", "--sort-by", "created_at desc", "-m", "5")
    assert kfp.one("experiment", "experiment get", made)[0] == made
    for option, value in (("--experiment-id", made), ("--experiment-name", name)):
        assert "ARCHIVED" in kfp("experiment archive", option, value)
        assert "AVAILABLE" in kfp("experiment unarchive", option, value)
    kfp.deleted("experiment delete", made)


def test_run(kfp, packages, unique, ended, client):
    experiment = unique("by command")
    made, _ = kfp.one("run", "run create", "-e", experiment, "-r", "by command", "-f", packages.of(greeting), "text=given")
    assert ended(made).runtime_config.parameters == {"text": "given"}
    assert "SUCCEEDED" in kfp("run get", made)
    assert "ARCHIVED" in kfp("run archive", made)
    assert "AVAILABLE" in kfp("run unarchive", made)
    experiment_id = client.get_run(made).experiment_id
    assert set(kfp.rows("run", "run list", "-e", experiment_id)) == {made}
    assert made in kfp.rows("run", "run list", "--sort-by", "created_at desc", "-m", "20")
    kfp.deleted("run delete", made)


def test_run_of_a_version_watched_to_its_end(kfp, packages, unique, client):
    pipeline = client.upload_pipeline(packages.of(greeting), unique("watched"))
    [version] = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    of = ["-p", pipeline.pipeline_id, "-v", version.pipeline_version_id]
    assert "Run is finished with state SUCCEEDED." in kfp("run create", "-e", unique("watching"), *of, "--watch")


def test_watch_ends_when_the_run_was_terminated(kfp, packages, client):
    started = client.create_run_from_pipeline_package(packages.of(waiting))
    client.terminate_run(started.run_id)
    assert "Run is finished with state FAILED." in kfp("run get", "--watch", started.run_id)


def test_recurring_run(kfp, packages, unique):
    name, experiment = unique("by command"), unique("by command")
    given = ["--experiment-name", experiment, "--pipeline-package-path", packages.of(greeting), "text=given"]
    made, _ = kfp.one(
        "recurring run", "recurring-run create", "--job-name", name, "--interval-second", "3600", "--enabled", *given
    )
    cron, _ = kfp.one("recurring run", "recurring-run create", "--job-name", name, "--cron-expression", "0 0 2 * * ?", *given)
    assert {made, cron} <= set(kfp.rows("recurring run", "recurring-run list"))
    assert kfp.one("recurring run", "recurring-run get", made)[0] == made
    assert "DISABLED" in kfp("recurring-run disable", made)
    assert "ENABLED" in kfp("recurring-run enable", cron)
    for one in (made, cron):
        kfp.deleted("recurring-run delete", one)


def test_a_recurring_run_with_every_option_fires(kfp, packages, unique, client):
    name, experiment = unique("nightly job"), unique("by command")
    made, _ = kfp.one(
        "recurring run", "recurring-run create", "--job-name", name, "--cron-expression", "* * * * * *",
        "--max-concurrency", "2", "--no-catchup", "--start-time", "2026-01-01T00:00:00Z",
        "--end-time", "2099-01-01T00:00:00Z", "--description", "described", "--experiment-name", experiment,
        "--pipeline-package-path", packages.of(greeting), "--enabled", "text=given",
    )  # fmt: skip
    read = client.get_recurring_run(made)
    assert (read.max_concurrency, read.no_catchup, read.description) == ("2", True, "described")
    assert (read.trigger.cron_schedule.start_time.year, read.trigger.cron_schedule.end_time.year) == (2026, 2099)
    deadline = time.monotonic() + 30
    while not (runs := kfp.rows("run", "run list", "-e", read.experiment_id)):
        assert time.monotonic() < deadline, "no run appeared"
    kfp("recurring-run disable", made)
    names = [row["display_name"] if isinstance(row, dict) else row[1] for row in runs.values()]
    assert all(re.fullmatch(r"nightlyjob[a-z0-9-]+-[0-9]+-[0-9]+", one) for one in names), names
    kfp.deleted("recurring-run delete", made)


def test_a_refusal_ends_with_1_and_the_reason(environment):
    ran = command_line.run(["run", "get", "nobody"], env=environment)
    assert ran.exit == 1
    assert "Run nobody not found" in ran.err


def test_diagnose_me_says_what_it_needs(environment, coverage):
    """It looks for the tools of a cluster, which this server does not need, and never asks the server."""
    ran = command_line.run(["diagnose-me"], env={**environment, "PATH": os.path.dirname(sys.executable)})
    assert ran.exit == 1
    assert "gcloud, gsutil and kubectl are required" in ran.err
    coverage.seen["commands"].add("diagnose-me")


def test_a_package_from_the_command_s_own_compiler(kfp, tmp_path, unique):
    source, package = tmp_path / "written.py", tmp_path / "written.yaml"
    source.write_text("from kfp import dsl\n@dsl.container_component\ndef say():\n"
                      "    return dsl.ContainerSpec(image='busybox', command=['echo'])\n")  # fmt: skip
    kfp("dsl compile", "--py", str(source), "--output", str(package))
    pipeline_id, _ = kfp.one("pipeline", "pipeline create", "-p", unique("compiled"), str(package))
    assert kfp.one("pipeline", "pipeline get", pipeline_id)[0] == pipeline_id


def test_the_installed_command_itself(environment, settings):
    """As a user calls it, loaded anew and not forked."""
    installed = os.path.join(os.path.dirname(sys.executable), "kfp")
    ran = subprocess.run([installed, "run", "list", "-m", "1"], env={**os.environ, **environment}, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr.strip().count("\n") < 6) == (0, True), ran.stderr
    assert "STORAGE STATE" in ran.stdout
