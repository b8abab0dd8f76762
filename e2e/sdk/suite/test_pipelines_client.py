"""The name-first PipelinesClient of newer releases: every public method."""
import pytest
from small_pipelines import greeting, noting, waiting


def test_upload_is_new_pipeline_or_new_version(pipelines_client, packages, unique):
    name = unique("named")
    first = pipelines_client.upload_pipeline(packages.of(greeting), name=name, version="one", description="the first")
    assert first.display_name == "one", "the version that came with the upload is renamed"
    second = pipelines_client.upload_pipeline(noting, name=name, version="two")
    assert second.pipeline_id == first.pipeline_id
    pipeline = pipelines_client.get_pipeline(name)
    assert (pipeline.pipeline_id, pipeline.description) == (first.pipeline_id, "the first")
    for version in (first, second):
        read = pipelines_client.get_pipeline_version(name, version.display_name)
        assert read.pipeline_version_id == version.pipeline_version_id
    listed = pipelines_client.list_pipeline_versions(name, page_size=1)
    rest = pipelines_client.list_pipeline_versions(name, page_size=1, page_token=listed.next_page_token)
    assert [one.display_name for one in listed.pipeline_versions + rest.pipeline_versions] == ["one", "two"]


def test_list_and_delete_pipelines(pipelines_client, packages, unique):
    name = unique("deleted")
    pipelines_client.upload_pipeline(packages.of(greeting), name=name, version="one")
    pipelines_client.upload_pipeline(packages.of(greeting), name=name, version="two")
    assert pipelines_client.list_pipelines(page_size=1).next_page_token
    with pytest.raises(ValueError, match="multiple versions"):
        pipelines_client.delete_pipeline(name)
    pipelines_client.delete_pipeline(name, version="one")
    with pytest.raises(ValueError, match="version not found"):
        pipelines_client.get_pipeline_version(name, "one")
    pipelines_client.upload_pipeline(packages.of(greeting), name=name, version="three")
    pipelines_client.delete_pipeline(name, force=True)
    with pytest.raises(ValueError, match="Pipeline not found"):
        pipelines_client.get_pipeline(name)


def test_run_in_every_way(pipelines_client, packages, unique):
    name, experiment = unique("run"), unique("runs of names")
    version = pipelines_client.upload_pipeline(packages.of(greeting), name=name, version="one")
    made = pipelines_client.create_experiment(experiment, description="of names")
    pipeline = pipelines_client.get_pipeline(name)
    runs = [
        pipelines_client.run(given, params={"text": "a"}, name="by %s" % type(given).__name__, experiment=experiment, **more)
        for given, more in (
            (name, {}),
            (name, {"version": "one"}),
            (pipeline, {}),
            (version, {}),
            (packages.of(greeting), {}),
            (greeting, {}),
        )
    ]
    ended = [pipelines_client.wait_for_run_status(run, polling_interval=0.1, timeout=60) for run in runs]
    assert {run.state for run in ended} == {"SUCCEEDED"}
    assert {run.experiment_id for run in ended} == {made.experiment_id}
    of_pipeline = pipelines_client.list_runs(pipeline=name, experiment=experiment, status="succeeded")
    assert {run.run_id for run in of_pipeline.runs} == {run.run_id for run in runs[:4]}
    assert pipelines_client.get_run(runs[0].run_id).display_name == "by str"


def test_wait_ends_with_any_end(pipelines_client, plain_client, packages):
    run = pipelines_client.run(packages.of(waiting), name="waiting")
    running = pipelines_client.wait_for_run_status(run.run_id, status={"running"}, polling_interval=0.05, timeout=30)
    assert running.state == "RUNNING"
    with pytest.raises(TimeoutError):
        pipelines_client.wait_for_run_status(run.run_id, timeout=0, polling_interval=0.05)
    plain_client.terminate_run(run.run_id)
    told = []
    over = pipelines_client.wait_for_run_status(run, polling_interval=0.1, timeout=60, callbacks=[told.append])
    assert (over.state, [one.run_id for one in told]) == ("FAILED", [run.run_id])


def test_experiments(pipelines_client, unique):
    name = unique("by name")
    made = pipelines_client.create_experiment(name, description="first")
    assert pipelines_client.create_experiment(name).experiment_id == made.experiment_id
    assert pipelines_client.get_experiment(name).experiment_id == made.experiment_id
    assert pipelines_client.list_experiments(page_size=1).experiments
    pipelines_client.delete_experiment(name)
    with pytest.raises(ValueError, match="Experiment not found"):
        pipelines_client.get_experiment(name)


def test_the_whole_client_behind_it(pipelines_client, unique):
    experiment = pipelines_client.create_experiment(unique("behind"))
    assert pipelines_client.kfp_client.get_experiment(experiment.experiment_id).display_name == experiment.display_name
