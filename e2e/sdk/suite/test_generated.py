"""What only the generated client reaches: PATCH, tags, cascade, retry, empty pipelines, health, reading artifacts."""
import base64
import json
import uuid

import kfp_server_api
import pytest
from covered import CLUSTER_ONLY, LEFT_OUT, operations
from kfp_server_api import ApiException
from small_pipelines import failing_once, greeting, noting

TAGS = hasattr(kfp_server_api.V2beta1Pipeline(), "tags")


def refusal(call, *args, **kwargs):
    with pytest.raises(ApiException) as refused:
        call(*args, **kwargs)
    return refused.value


def test_health(generated):
    assert generated("HealthzServiceApi.get_healthz").multi_user is False


def test_a_pipeline_without_a_version(generated, unique):
    name = unique("empty")
    made = generated("PipelineServiceApi.create_pipeline", kfp_server_api.V2beta1Pipeline(display_name=name, description="d"))
    assert (made.display_name, made.description) == (name, "d")
    assert generated("PipelineServiceApi.get_pipeline", made.pipeline_id).pipeline_id == made.pipeline_id
    assert generated("PipelineServiceApi.get_pipeline_by_name", name).pipeline_id == made.pipeline_id
    assert generated("PipelineServiceApi.list_pipeline_versions", made.pipeline_id).pipeline_versions is None
    taken = refusal(generated, "PipelineServiceApi.create_pipeline", kfp_server_api.V2beta1Pipeline(display_name=name))
    assert taken.status == 409
    nameless = refusal(generated, "PipelineServiceApi.create_pipeline", kfp_server_api.V2beta1Pipeline(description="d"))
    assert nameless.status == 400


def test_import_by_address_is_off(generated, unique, coverage):
    url = kfp_server_api.V2beta1Url(pipeline_url="https://raw.githubusercontent.com/kubeflow/pipelines/x.yaml")
    name = unique("by address")
    pipeline = generated("PipelineServiceApi.create_pipeline", kfp_server_api.V2beta1Pipeline(display_name=name))
    version = kfp_server_api.V2beta1PipelineVersion(pipeline_id=pipeline.pipeline_id, display_name="v", package_url=url)
    both = kfp_server_api.V2beta1CreatePipelineAndVersionRequest(
        pipeline=kfp_server_api.V2beta1Pipeline(display_name=name + " too"), pipeline_version=version
    )
    for operation, *given in (
        ("PipelineServiceApi.create_pipeline_version", pipeline.pipeline_id, version),
        ("PipelineServiceApi.create_pipeline_and_version", both),
    ):
        refused = refusal(generated, operation, *given)
        assert (refused.status, json.loads(refused.body)["code"]) == (400, 3), refused.body
        coverage.seen["generated"].add(operation)
    assert refusal(generated, "PipelineServiceApi.get_pipeline_by_name", name + " too").status == 404


def test_uploads_versions_and_cascade(generated, packages, unique):
    name = unique("cascade")
    pipeline = generated("PipelineUploadServiceApi.upload_pipeline", packages.of(greeting), name=name)
    version = generated(
        "PipelineUploadServiceApi.upload_pipeline_version", packages.of(noting), name="v", pipelineid=pipeline.pipeline_id
    )
    read = generated("PipelineServiceApi.get_pipeline_version", pipeline.pipeline_id, version.pipeline_version_id)
    assert read.pipeline_spec["pipelineInfo"]["name"] == "noting"
    assert name in {one.display_name for one in generated("PipelineServiceApi.list_pipelines", page_size=200).pipelines}
    assert refusal(generated, "PipelineServiceApi.delete_pipeline", pipeline.pipeline_id).status == 400
    generated("PipelineServiceApi.delete_pipeline_version", pipeline.pipeline_id, version.pipeline_version_id)
    if TAGS:
        generated("PipelineServiceApi.delete_pipeline", pipeline.pipeline_id, cascade=True)
        assert refusal(generated, "PipelineServiceApi.get_pipeline", pipeline.pipeline_id).status == 404
    else:
        [first] = generated("PipelineServiceApi.list_pipeline_versions", pipeline.pipeline_id).pipeline_versions
        generated("PipelineServiceApi.delete_pipeline_version", pipeline.pipeline_id, first.pipeline_version_id)
        generated("PipelineServiceApi.delete_pipeline", pipeline.pipeline_id)


@pytest.mark.skipif(not TAGS, reason="this release knows no tags and no PATCH")
def test_patch_and_tags(generated, packages, unique):
    name = unique("tagged")
    made = generated(
        "PipelineUploadServiceApi.upload_pipeline", packages.of(greeting), name=name, tags=json.dumps({"team": name, "a": "b"})
    )
    assert made.tags == {"team": name, "a": "b"}

    def patch(**body):
        generated("PipelineServiceApi.update_pipeline", made.pipeline_id, kfp_server_api.V2beta1Pipeline(**body))
        return generated("PipelineServiceApi.get_pipeline", made.pipeline_id)

    assert patch(display_name=name + " shown").tags == {"team": name, "a": "b"}
    assert patch(tags={"team": name}).display_name == name + " shown"
    asked = json.dumps({"predicates": [{"operation": "EQUALS", "key": "tags.team", "string_value": name}]})
    found = generated("PipelineServiceApi.list_pipelines", filter=asked).pipelines
    assert [(one.pipeline_id, one.tags) for one in found] == [(made.pipeline_id, {"team": name})]
    assert not patch(tags={}).tags
    assert refusal(patch, tags={"x" * 64: "b"}).status == 400
    assert refusal(patch, tags={"dotted.key": "b"}).status == 400
    assert refusal(patch, tags={str(at): "b" for at in range(21)}).status == 400

    [version] = generated("PipelineServiceApi.list_pipeline_versions", made.pipeline_id).pipeline_versions
    body = kfp_server_api.V2beta1PipelineVersion(display_name="renamed", tags={"stage": "test"})
    patched = generated(
        "PipelineServiceApi.update_pipeline_version", made.pipeline_id, version.pipeline_version_id, body
    )
    assert (patched.display_name, patched.tags) == ("renamed", {"stage": "test"})
    nobody = str(uuid.uuid4())
    unknown = refusal(generated, "PipelineServiceApi.update_pipeline", nobody, kfp_server_api.V2beta1Pipeline(tags={}))
    assert unknown.status == 404


def test_retry(generated, plain_client, packages, tmp_path, ended):
    marker = tmp_path / "later" / "marker"
    started = plain_client.create_run_from_pipeline_package(packages.of(failing_once), arguments={"marker": str(marker)})
    assert ended(started.run_id).state == "FAILED"
    marker.parent.mkdir()
    marker.touch()
    generated("RunServiceApi.retry_run", started.run_id)
    run = ended(started.run_id)
    assert run.state == "SUCCEEDED"
    assert [one.state for one in run.state_history] == ["PENDING", "RUNNING", "FAILED", "PENDING", "RUNNING", "SUCCEEDED"]
    refused = refusal(generated, "RunServiceApi.retry_run", started.run_id)
    assert (refused.status, json.loads(refused.body)["code"]) == (409, 10)


def test_an_artifact_is_read(generated, api_client, plain_client, packages, ended):
    started = plain_client.create_run_from_pipeline_package(packages.of(noting), arguments={"text": "kept"}, enable_caching=False)
    ended(started.run_id)
    details = {one.display_name: one for one in plain_client.get_run(started.run_id).run_details.task_details}
    if "RunServiceApi.read_artifact" in operations():
        answer = generated("RunServiceApi.read_artifact", started.run_id, details["write"].task_id, "note")
        assert base64.b64decode(answer.data) == b"kept"
    path = "/apis/v2beta1/runs/%s/nodes/%s/artifacts/note:read" % (started.run_id, details["write"].task_id)
    raw, status, _ = api_client.call_api(path, "GET", auth_settings=["Bearer"], response_type="object")
    assert (status, base64.b64decode(raw["data"])) == (200, b"kept")
    with pytest.raises(ApiException) as refused:
        api_client.call_api(path.replace("note:read", "other:read"), "GET", auth_settings=["Bearer"])
    assert (refused.value.status, set(json.loads(refused.value.body))) == (404, {"error_message", "error_details"})


def test_the_verbs_of_runs_and_experiments(generated, plain_client, packages, unique, ended):
    made = generated("ExperimentServiceApi.create_experiment", kfp_server_api.V2beta1Experiment(display_name=unique("verbs")))
    asked = {"experiment_id": made.experiment_id}
    reference = plain_client.upload_pipeline(packages.of(greeting), unique("latest")).pipeline_id
    body = kfp_server_api.V2beta1Run(
        display_name="latest", pipeline_version_reference={"pipeline_id": reference}, experiment_id=made.experiment_id
    )
    run = generated("RunServiceApi.create_run", body)
    generated("RunServiceApi.terminate_run", run.run_id)
    ended(run.run_id)
    generated("RunServiceApi.archive_run", run.run_id)
    assert generated("RunServiceApi.get_run", run.run_id).storage_state == "ARCHIVED"
    generated("RunServiceApi.unarchive_run", run.run_id)
    assert [one.run_id for one in generated("RunServiceApi.list_runs", **asked).runs] == [run.run_id]
    generated("RunServiceApi.delete_run", run.run_id)
    generated("ExperimentServiceApi.archive_experiment", made.experiment_id)
    assert generated("ExperimentServiceApi.get_experiment", made.experiment_id).storage_state == "ARCHIVED"
    generated("ExperimentServiceApi.unarchive_experiment", made.experiment_id)
    assert generated("ExperimentServiceApi.list_experiments", page_size=1).total_size >= 1
    generated("ExperimentServiceApi.delete_experiment", made.experiment_id)


def test_the_verbs_of_recurring_runs(generated, plain_client, packages, unique):
    pipeline = plain_client.upload_pipeline(packages.of(greeting), unique("follows"))
    body = kfp_server_api.V2beta1RecurringRun(
        display_name=unique("follows the latest"), mode="DISABLE", max_concurrency="1", no_catchup=True,
        trigger={"cron_schedule": {"cron": "*/5 * * * *"}}, pipeline_version_reference={"pipeline_id": pipeline.pipeline_id},
    )  # fmt: skip
    made = generated("RecurringRunServiceApi.create_recurring_run", body)
    of = made.recurring_run_id
    assert made.pipeline_version_reference.pipeline_version_id is None, "it follows the latest version"
    generated("RecurringRunServiceApi.enable_recurring_run", of)
    assert generated("RecurringRunServiceApi.get_recurring_run", of).status == "ENABLED"
    generated("RecurringRunServiceApi.disable_recurring_run", of)
    assert of in {one.recurring_run_id for one in generated("RecurringRunServiceApi.list_recurring_runs", page_size=200).recurring_runs}
    generated("RecurringRunServiceApi.delete_recurring_run", of)
    assert refusal(generated, "RecurringRunServiceApi.get_recurring_run", of).status == 404


def test_a_recurring_run_without_a_trigger_runs_once(generated, plain_client, packages, unique, ended):
    pipeline = plain_client.upload_pipeline(packages.of(greeting), unique("once"))
    body = kfp_server_api.V2beta1RecurringRun(
        display_name="hello world", mode="ENABLE", max_concurrency="1",
        pipeline_version_reference={"pipeline_id": pipeline.pipeline_id},
    )  # fmt: skip
    made = generated("RecurringRunServiceApi.create_recurring_run", body)
    asked = json.dumps({"predicates": [{"operation": 1, "key": "recurring_run_id", "stringValue": made.recurring_run_id}]})
    runs = []
    while not runs:
        runs = plain_client.list_runs(filter=asked).runs or []
    assert [("helloworld" in run.display_name, ended(run.run_id).state) for run in runs] == [(True, "SUCCEEDED")]


@pytest.mark.parametrize("operation", sorted(set(LEFT_OUT["generated"]) & set(operations())))
def test_is_not_served(operation, generated):
    assert LEFT_OUT["generated"][operation] == CLUSTER_ONLY
    given = {"VisualizationServiceApi.create_visualization_v1": ("kubeflow", {}), "DummyFilterServiceApi.get_filter": ()}
    given.update({one: ({},) for one in ("ReportServiceApi.report_workflow", "ReportServiceApi.report_scheduled_workflow")})
    refused = refusal(generated, operation, *given.get(operation, ()))
    assert (refused.status, json.loads(refused.body)["message"]) == (404, "Not Found")
