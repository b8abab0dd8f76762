"""Real pipeline files: each is uploaded and comes back equal; what is no pipeline is refused with a reason."""
import json
import os

import pytest
import yaml
from conftest import SETTINGS
from kfp_server_api import ApiException

# The same as the safe loader, in C where there is one.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def paths(kind):
    found = [pytest.param(path, id=os.path.join(*path.split(os.sep)[-3:])) for path in SETTINGS["fixtures"][kind]]
    return found or [pytest.param(None, marks=pytest.mark.skip(reason="no fixtures are tried with this release"))]


def spec_of(path):
    """What the server gives back: the spec alone, or with the platform's document beside it."""
    with open(path, encoding="utf-8") as file:
        documents = [one for one in yaml.load_all(file, LOADER) if one]
    if len(documents) == 1:
        # Some files are answers of a server, with the specification inside.
        is_answer = len(set(documents[0]) - {"pipeline_spec", "platform_spec"}) > 0
        return documents[0].get("pipeline_spec", documents[0]) if is_answer else documents[0]
    return {"pipeline_spec": documents[0], "platform_spec": documents[1]}


@pytest.mark.parametrize("path", paths("valid"))
def test_reads_back_as_it_was(path, plain_client, unique):
    pipeline = plain_client.upload_pipeline(path, unique("fixture"))
    [version] = plain_client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    assert version.pipeline_spec == spec_of(path)


@pytest.mark.parametrize("path", paths("invalid"))
def test_refuses(path, plain_client, unique):
    before = plain_client.list_pipelines(page_size=1).total_size
    with pytest.raises(ApiException) as refused:
        plain_client.upload_pipeline(path, unique("invalid"))
    assert refused.value.status == 400
    assert json.loads(refused.value.body)["error_message"]
    assert plain_client.list_pipelines(page_size=1).total_size == before
