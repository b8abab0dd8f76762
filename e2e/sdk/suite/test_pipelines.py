"""Pipelines and versions through kfp.Client: uploads of every kind, names, reading back, deleting."""
import json
import re

import pytest
import yaml
from kfp_server_api import ApiException
from small_pipelines import greeting, noting


def only_version(client, pipeline_id):
    [version] = client.list_pipeline_versions(pipeline_id).pipeline_versions
    return version


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json", ".zip", ".tar.gz", ".tgz"])
def test_upload_of(suffix, client, packages, unique):
    name = unique("packed")
    pipeline = client.upload_pipeline(packages.as_file(greeting, suffix), name, description="as %s" % suffix)
    assert (pipeline.display_name, pipeline.description) == (name, "as %s" % suffix)
    version = only_version(client, pipeline.pipeline_id)
    assert (version.display_name, version.description) == (name, "as %s" % suffix)
    assert version.pipeline_spec == yaml.safe_load(open(packages.of(greeting)))


def test_upload_without_a_name_takes_the_one_inside(client, packages):
    pipeline = client.upload_pipeline(packages.of(noting))
    assert pipeline.display_name == "noting"
    assert client.get_pipeline_id("noting") == pipeline.pipeline_id
    with pytest.raises(ApiException) as refused:
        client.upload_pipeline(packages.of(noting))
    assert refused.value.status == 409
    client.delete_pipeline_version(pipeline.pipeline_id, only_version(client, pipeline.pipeline_id).pipeline_version_id)
    client.delete_pipeline(pipeline.pipeline_id)
    assert client.get_pipeline_id("noting") is None


def test_upload_from_a_function(client, unique):
    if not hasattr(client, "upload_pipeline_from_pipeline_func"):
        pytest.skip("this release has no upload_pipeline_from_pipeline_func")
    name = unique("from a function")
    pipeline = client.upload_pipeline_from_pipeline_func(greeting, name, description="compiled on the way")
    version = client.upload_pipeline_version_from_pipeline_func(greeting, "second", pipeline_name=name)
    assert version.pipeline_id == pipeline.pipeline_id
    assert version.pipeline_spec["pipelineInfo"]["name"] == "greeting"


def test_versions(client, packages, unique):
    name = unique("versions")
    pipeline = client.upload_pipeline(packages.of(greeting), name)
    second = client.upload_pipeline_version(
        packages.of(noting), "second", pipeline_id=pipeline.pipeline_id, description="another"
    )
    third = client.upload_pipeline_version(packages.of(greeting), "third", pipeline_name=name)
    listed = client.list_pipeline_versions(pipeline.pipeline_id, sort_by="created_at desc")
    assert [one.display_name for one in listed.pipeline_versions] == ["third", "second", name]
    assert listed.total_size == 3
    read = client.get_pipeline_version(pipeline.pipeline_id, second.pipeline_version_id)
    assert (read.description, read.pipeline_spec["pipelineInfo"]["name"]) == ("another", "noting")
    with pytest.raises(ApiException) as refused:
        client.upload_pipeline_version(packages.of(noting), "second", pipeline_id=pipeline.pipeline_id)
    assert refused.value.status == 409
    with pytest.raises(ApiException) as refused:
        client.delete_pipeline(pipeline.pipeline_id)
    assert (refused.value.status, json.loads(refused.value.body)["code"]) == (400, 3)
    for version_id in (second.pipeline_version_id, third.pipeline_version_id):
        client.delete_pipeline_version(pipeline.pipeline_id, version_id)
    assert only_version(client, pipeline.pipeline_id).display_name == name


def test_get_pipeline_id_finds_the_exact_name_alone(client, packages, unique):
    name = unique("exact")
    pipeline = client.upload_pipeline(packages.of(greeting), name)
    client.upload_pipeline(packages.of(greeting), name + " and more")
    assert client.get_pipeline_id(name) == pipeline.pipeline_id
    assert client.get_pipeline_id(name.upper()) is None
    read = client.get_pipeline(pipeline.pipeline_id)
    assert (read.display_name, read.created_at.tzinfo is not None) == (name, True)
    assert pipeline.pipeline_id in {one.pipeline_id for one in client.list_pipelines(page_size=200).pipelines}


def test_links_that_are_printed_open_a_page(client, packages, unique, capsys, opened):
    pipeline = client.upload_pipeline(packages.of(greeting), unique("linked"))
    version = client.upload_pipeline_version(packages.of(greeting), "second", pipeline_id=pipeline.pipeline_id)
    first, second = re.findall(r"https?://\S+", capsys.readouterr().out)
    assert first.endswith("/#/pipelines/details/%s" % pipeline.pipeline_id)
    assert second.endswith("/#/pipelines/details/%s/version/%s" % (pipeline.pipeline_id, version.pipeline_version_id))
    assert opened(first) == opened(second) == (200, "text/html")
