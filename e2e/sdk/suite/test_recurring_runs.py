"""Recurring runs through kfp.Client: every kind of trigger, what they make, the verbs and their older names."""
import datetime
import json
import re
import time

import pytest
from kfp_server_api import ApiException
from small_pipelines import greeting, pausing, typed


@pytest.fixture(scope="module")
def experiment(plain_client):
    return plain_client.create_experiment("for recurring runs").experiment_id


def filter_of(key, value):
    return json.dumps({"predicates": [{"operation": "EQUALS", "key": key, "stringValue": value}]})


def runs_of(client, recurring_run_id):
    return client.list_runs(page_size=50, filter=filter_of("recurring_run_id", recurring_run_id)).runs or []


def numbered(name):
    return int(name.rsplit("-", 2)[1])


def awaited(condition, what):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("gave up waiting for %s" % what)


def test_by_interval_with_a_package(client, packages, experiment, unique):
    name = unique("hourly")
    made = client.create_recurring_run(
        experiment, name, description="every hour", interval_second=3600, max_concurrency=2, no_catchup=True,
        params={"text": "again"}, pipeline_package_path=packages.of(greeting), service_account="somebody",
    )  # fmt: skip
    assert (made.display_name, made.description, made.experiment_id) == (name, "every hour", experiment)
    read = client.get_recurring_run(made.recurring_run_id)
    assert (read.mode, read.status, read.no_catchup) == ("ENABLE", "ENABLED", True)
    assert (read.max_concurrency, read.trigger.periodic_schedule.interval_second) == ("2", "3600")
    assert read.trigger.cron_schedule is None
    assert (read.runtime_config.parameters, read.service_account) == ({"text": "again"}, "somebody")
    assert read.pipeline_spec["pipelineInfo"]["name"] == "greeting"
    assert client.get_recurring_run(None, job_id=made.recurring_run_id).recurring_run_id == made.recurring_run_id


def test_by_cron_with_a_version(client, packages, experiment, unique):
    pipeline = client.upload_pipeline(packages.of(greeting), unique("scheduled"))
    [version] = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    made = client.create_recurring_run(
        experiment, unique("nightly"), cron_expression="0 0 2 * * ?", enabled=False,
        start_time="2030-01-01T00:00:00Z", end_time="2031-01-01T00:00:00Z",
        pipeline_id=pipeline.pipeline_id, version_id=version.pipeline_version_id,
    )  # fmt: skip
    read = client.get_recurring_run(made.recurring_run_id)
    assert (read.mode, read.status) == ("DISABLE", "DISABLED")
    cron = read.trigger.cron_schedule
    assert (cron.cron, cron.start_time.year, cron.end_time.year) == ("0 0 2 * * ?", 2030, 2031)
    assert read.pipeline_version_reference.pipeline_version_id == version.pipeline_version_id
    assert read.pipeline_spec is None


def test_it_fires_and_its_runs_say_so(client, packages, experiment, unique, ended):
    made = client.create_recurring_run(
        experiment, unique("hello world"), interval_second=1, pipeline_package_path=packages.of(greeting)
    )
    runs = awaited(lambda: len(found := runs_of(client, made.recurring_run_id)) >= 2 and found, "two runs")
    client.disable_recurring_run(made.recurring_run_id)
    first, second = sorted((one.display_name for one in runs), key=numbered)[:2]
    # The name of a Kubeflow workflow: that of its schedule with five letters, the number of the run, and their hash.
    base = re.fullmatch(r"(helloworld[a-z0-9-]*[a-z0-9]{5})-1-[0-9]+", first).group(1)
    assert re.fullmatch(r"%s-2-[0-9]+" % re.escape(base), second)
    run = runs[0]
    assert (run.recurring_run_id, run.experiment_id) == (made.recurring_run_id, experiment)
    assert ended(run.run_id).state == "SUCCEEDED"
    assert run.scheduled_at >= made.created_at


def test_no_more_run_at_once_than_allowed(client, packages, experiment, unique, ended):
    made = client.create_recurring_run(
        experiment, unique("one at a time"), interval_second=1, max_concurrency=1,
        pipeline_package_path=packages.of(pausing),
    )  # fmt: skip
    states = lambda: [one.state for one in runs_of(client, made.recurring_run_id)]
    seen = []

    def has_waited():
        seen.append(states())
        return seen[-1].count("SUCCEEDED") >= 1 and len(seen[-1]) >= 3

    awaited(has_waited, "a run that waited for another")
    client.disable_recurring_run(made.recurring_run_id)
    assert max(look.count("RUNNING") for look in seen) == 1
    assert any({"RUNNING", "PENDING"} <= set(look) for look in seen)
    for run in runs_of(client, made.recurring_run_id):
        if run.state in ("PENDING", "RUNNING"):
            client.terminate_run(run.run_id)


def test_between_its_start_and_its_end(client, packages, experiment, unique):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    start, end = (now + datetime.timedelta(seconds=seconds) for seconds in (2, 4))
    made = client.create_recurring_run(
        experiment, unique("windowed"), interval_second=1, max_concurrency=10, no_catchup=True,
        start_time=start.isoformat(), end_time=end.isoformat(), pipeline_package_path=packages.of(greeting),
    )  # fmt: skip
    schedule = client.get_recurring_run(made.recurring_run_id).trigger.periodic_schedule
    assert (schedule.start_time, schedule.end_time) == (start, end)
    assert runs_of(client, made.recurring_run_id) == []
    runs = awaited(lambda: len(found := runs_of(client, made.recurring_run_id)) >= 2 and found, "the runs of two moments")
    after = end + datetime.timedelta(seconds=1.5)
    awaited(lambda: datetime.datetime.now(datetime.timezone.utc) > after, "the moment that would be the next")
    assert len(runs_of(client, made.recurring_run_id)) == len(runs) == 2
    assert all(start < run.scheduled_at <= end for run in runs)


@pytest.mark.parametrize("no_catchup, wanted", [(False, 2), (True, 1)])
@pytest.mark.parametrize("trigger", [{"interval_second": 60}, {"cron_expression": "0 * * * * *"}], ids=["interval", "cron"])
def test_a_window_in_the_past(trigger, no_catchup, wanted, client, packages, experiment, unique, ended):
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    start, end = (now - datetime.timedelta(minutes=minutes, seconds=1) for minutes in (12, 10))
    made = client.create_recurring_run(
        experiment, unique("missed"), start_time=start.isoformat(), end_time=end.isoformat(), no_catchup=no_catchup,
        pipeline_package_path=packages.of(greeting), max_concurrency=10, **trigger,
    )  # fmt: skip
    runs = awaited(lambda: len(found := runs_of(client, made.recurring_run_id)) >= wanted and found, "%d runs" % wanted)
    for run in runs:
        ended(run.run_id)
    assert len(runs_of(client, made.recurring_run_id)) == wanted


def test_enable_and_disable_under_either_name(client, packages, experiment, unique):
    made = client.create_recurring_run(
        experiment, unique("switched"), interval_second=3600, pipeline_package_path=packages.of(greeting), enabled=False
    )
    status = lambda: client.get_recurring_run(made.recurring_run_id).status
    for enable, disable in (
        (client.enable_recurring_run, client.disable_recurring_run),
        (client.enable_job, client.disable_job),
    ):
        enable(made.recurring_run_id)
        enable(made.recurring_run_id)
        assert status() == "ENABLED"
        disable(made.recurring_run_id)
        disable(made.recurring_run_id)
        assert status() == "DISABLED"


def test_list_and_delete_under_either_name(client, packages, experiment, unique):
    make = lambda word: client.create_recurring_run(
        experiment, unique(word), interval_second=3600, pipeline_package_path=packages.of(greeting), enabled=False
    )
    first, second = make("listed"), make("listed")
    page = client.list_recurring_runs(page_size=1, sort_by="created_at desc", experiment_id=experiment)
    assert [one.recurring_run_id for one in page.recurring_runs] == [second.recurring_run_id]
    rest = client.list_recurring_runs(page_token=page.next_page_token, page_size=1, experiment_id=experiment)
    assert [one.recurring_run_id for one in rest.recurring_runs] == [first.recurring_run_id]
    named = client.list_recurring_runs(filter=filter_of("display_name", first.display_name))
    assert [one.recurring_run_id for one in named.recurring_runs] == [first.recurring_run_id]
    client.delete_recurring_run(first.recurring_run_id)
    client.delete_job(second.recurring_run_id)
    for gone in (first, second):
        with pytest.raises(ApiException) as refused:
            client.get_recurring_run(gone.recurring_run_id)
        assert refused.value.status == 404


def test_archiving_the_experiment_disables_them(client, packages, unique):
    experiment = client.create_experiment(unique("with a schedule")).experiment_id
    made = client.create_recurring_run(
        experiment, unique("stopped"), interval_second=3600, pipeline_package_path=packages.of(greeting)
    )
    client.archive_experiment(experiment)
    assert client.get_recurring_run(made.recurring_run_id).status == "DISABLED"
    client.unarchive_experiment(experiment)
    assert client.get_recurring_run(made.recurring_run_id).status == "DISABLED"


BAD = [
    ("no concurrency", {"max_concurrency": 0}, "must be at least 1 and at most 10. Received 0"),
    ("too much concurrency", {"max_concurrency": 11}, "must be at least 1 and at most 10. Received 11"),
    ("a cron that is none", {"interval_second": None, "cron_expression": "whenever"}, "Schedule cron is not a supported format"),
    ("an interval below zero", {"interval_second": -1}, "Found invalid period schedule interval"),
    ("a text for a number", {"params": {"text": "a", "count": "1"}}, "input parameter count requires type double or integer"),
]


@pytest.mark.parametrize("changed, words", [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_refuses(changed, words, plain_client, packages, experiment, unique):
    given = {"interval_second": 60, "params": {"text": "a", "count": 1}, **changed}
    with pytest.raises(ApiException) as refused:
        plain_client.create_recurring_run(experiment, unique("bad"), pipeline_package_path=packages.of(typed), **given)
    assert refused.value.status == 400
    assert words in json.loads(refused.value.body)["details"][0]["message"]
