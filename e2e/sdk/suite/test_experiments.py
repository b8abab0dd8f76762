"""Experiments through kfp.Client: get-or-create, reading, archiving with their runs, deleting."""
import re

import pytest
from kfp_server_api import ApiException
from small_pipelines import greeting


def test_create_is_get_or_create(client, unique, capsys, opened):
    name = unique("experiment")
    made = client.create_experiment(name, description="first")
    again = client.create_experiment(name, description="second")
    assert (made.experiment_id, made.description) == (again.experiment_id, again.description)
    link = re.findall(r"https?://\S+", capsys.readouterr().out)[0]
    assert link.endswith("/#/experiments/details/%s" % made.experiment_id)
    assert opened(link) == (200, "text/html")


def test_get_by_id_and_by_name(client, unique):
    made = client.create_experiment(unique("found"))
    assert client.get_experiment(experiment_id=made.experiment_id).display_name == made.display_name
    assert client.get_experiment(experiment_name=made.display_name).experiment_id == made.experiment_id
    assert made.storage_state == "AVAILABLE"
    if hasattr(made, "last_run_created_at"):
        assert made.last_run_created_at.year == 1970
    with pytest.raises(ValueError, match="No experiment is found with name"):
        client.get_experiment(experiment_name=made.display_name + " not")


def test_the_default_one_is_there_and_stays(client):
    default = client.get_experiment(experiment_name="Default")
    with pytest.raises(ApiException) as refused:
        client.delete_experiment(default.experiment_id)
    assert refused.value.status == 409
    assert default.experiment_id in {one.experiment_id for one in client.list_experiments(page_size=200).experiments}


def test_archive_takes_the_runs_along_and_unarchive_does_not(client, packages, unique, ended):
    experiment = client.create_experiment(unique("archived"))
    run = client.run_pipeline(experiment.experiment_id, "inside", packages.of(greeting))
    ended(run.run_id)
    client.archive_experiment(experiment.experiment_id)
    assert client.get_experiment(experiment.experiment_id).storage_state == "ARCHIVED"
    assert client.get_run(run.run_id).storage_state == "ARCHIVED"
    with pytest.raises(ApiException) as refused:
        client.unarchive_run(run.run_id)
    assert refused.value.status == 400
    client.unarchive_experiment(experiment.experiment_id)
    assert client.get_experiment(experiment.experiment_id).storage_state == "AVAILABLE"
    assert client.get_run(run.run_id).storage_state == "ARCHIVED"
    client.unarchive_run(run.run_id)
    assert client.get_run(run.run_id).storage_state == "AVAILABLE"


def test_delete_leaves_the_runs(client, packages, unique, ended):
    experiment = client.create_experiment(unique("deleted"))
    run = client.run_pipeline(experiment.experiment_id, "left", packages.of(greeting))
    ended(run.run_id)
    client.delete_experiment(experiment.experiment_id)
    with pytest.raises(ApiException) as refused:
        client.get_experiment(experiment.experiment_id)
    assert refused.value.status == 404
    assert client.get_run(run.run_id).experiment_id == experiment.experiment_id
