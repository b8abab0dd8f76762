"""Runs through kfp.Client: every way to start one, waiting for each kind of end, the verbs."""
import re

import pytest
import yaml
from kfp_server_api import ApiException
from small_pipelines import failing_once, greeting, waiting


def until_running(client, run_id):
    """The first task is there: the run can be stopped in the midst of it."""
    for _ in range(600):
        if client.get_run(run_id).state == "RUNNING":
            return
    raise AssertionError("the run does not begin")


def test_from_a_function(client, unique, capsys, opened):
    started = client.create_run_from_pipeline_func(greeting, arguments={"text": "from a function"}, enable_caching=False)
    links = re.findall(r"https?://\S+", capsys.readouterr().out)
    assert links[-1].endswith("/#/runs/details/%s" % started.run_id)
    assert opened(links[-1]) == (200, "text/html")
    run = client.wait_for_run_completion(started.run_id, timeout=60, sleep_duration=0.1)
    assert run.state == "SUCCEEDED"
    assert run.display_name.startswith("greeting 20")
    assert run.runtime_config.parameters == {"text": "from a function"}
    assert started.wait_for_run_completion(timeout=60).run_id == run.run_id
    assert client.get_experiment(experiment_name="Default").experiment_id == run.experiment_id


def test_from_a_package(client, packages, unique, ended):
    experiment = unique("of packages")
    started = client.create_run_from_pipeline_package(
        packages.as_file(greeting, ".zip"),
        run_name="from a package",
        experiment_name=experiment,
        pipeline_root="minio://bucket/root",
        service_account="somebody",
        enable_caching=False,
    )
    run = ended(started.run_id)
    assert (run.state, run.display_name, run.service_account) == ("SUCCEEDED", "from a package", "somebody")
    assert run.runtime_config.pipeline_root == "minio://bucket/root"
    assert run.pipeline_spec["pipelineInfo"]["name"] == "greeting"
    assert run.pipeline_version_reference is None
    assert client.get_experiment(experiment_name=experiment).experiment_id == run.experiment_id


def test_by_reference(client, packages, unique, ended):
    pipeline = client.upload_pipeline(packages.of(greeting), unique("referred"))
    version = client.upload_pipeline_version(packages.of(greeting), "second", pipeline_id=pipeline.pipeline_id)
    experiment = client.create_experiment(unique("referring"))
    ids = dict(pipeline_id=pipeline.pipeline_id, version_id=version.pipeline_version_id)
    made = client.run_pipeline(experiment.experiment_id, "by reference", params={"text": "it"}, **ids)
    assert (made.state, made.storage_state, made.finished_at.year) == ("PENDING", "AVAILABLE", 1970)
    assert (made.service_account, [one.state for one in made.state_history]) == ("pipeline-runner", ["PENDING"])
    run = ended(made.run_id)
    assert run.state == "SUCCEEDED"
    assert run.pipeline_spec is None
    assert run.pipeline_version_reference.pipeline_version_id == version.pipeline_version_id
    assert [one.state for one in run.state_history] == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert run.created_at <= run.finished_at
    read = client.get_experiment(experiment.experiment_id)
    if hasattr(read, "last_run_created_at"):
        assert read.last_run_created_at == run.created_at
    assert run.run_id in {one.run_id for one in client.list_runs(experiment_id=experiment.experiment_id).runs}


def test_the_spec_of_an_inline_run_comes_back_as_it_was(client, packages, ended):
    started = client.create_run_from_pipeline_package(packages.of(greeting), run_name="inline")
    assert ended(started.run_id).pipeline_spec == yaml.safe_load(open(packages.of(greeting)))


def test_task_details(client, packages, ended):
    started = client.create_run_from_pipeline_package(packages.of(greeting), enable_caching=False)
    ended(started.run_id)
    details = {one.display_name: one for one in client.get_run(started.run_id).run_details.task_details}
    assert details["say"].state == "SUCCEEDED"
    assert details["say"].start_time <= details["say"].end_time
    assert details["say"].run_id == started.run_id


def test_the_wait_ends_when_a_run_failed(client, packages, tmp_path, ended):
    marker = str(tmp_path / "absent" / "marker")
    started = client.create_run_from_pipeline_package(packages.of(failing_once), arguments={"marker": marker})
    run = ended(started.run_id)
    assert run.state == "FAILED"
    assert "fail-once" in run.error.message


def test_the_wait_ends_when_a_run_was_terminated(client, packages, ended):
    started = client.create_run_from_pipeline_package(packages.of(waiting))
    until_running(client, started.run_id)
    client.terminate_run(started.run_id)
    run = ended(started.run_id)
    assert run.state == "FAILED"
    assert run.error.message.startswith("terminated by")
    assert client.terminate_run(started.run_id) is not None
    assert client.get_run(started.run_id).state == "FAILED"


def test_the_wait_gives_up_at_its_own_limit(client, packages):
    started = client.create_run_from_pipeline_package(packages.of(waiting))
    with pytest.raises(TimeoutError):
        client.wait_for_run_completion(started.run_id, timeout=0.2, sleep_duration=0.1)
    client.terminate_run(started.run_id)


def test_archive_unarchive_and_delete(client, packages, ended):
    started = client.create_run_from_pipeline_package(packages.of(greeting))
    ended(started.run_id)
    client.archive_run(started.run_id)
    client.archive_run(started.run_id)
    assert client.get_run(started.run_id).storage_state == "ARCHIVED"
    client.unarchive_run(started.run_id)
    assert client.get_run(started.run_id).storage_state == "AVAILABLE"
    client.delete_run(started.run_id)
    for again in (client.get_run, client.delete_run):
        with pytest.raises(ApiException) as refused:
            again(started.run_id)
        assert refused.value.status == 404


def test_health_and_namespace(client):
    assert client.get_kfp_healthz().multi_user is False
    client.set_user_namespace("a team")
    assert client.get_user_namespace() == "a team"
    assert client.list_experiments(page_size=1).experiments, "one person's server has one namespace, whatever is asked for"
    client.set_user_namespace("")
