"""What a client gets for a mistake: the ApiException with Kubeflow's status, code and words."""
import json
import uuid

import kfp
import kfp_server_api
import pytest
from kfp_server_api import ApiException
from small_pipelines import greeting, typed

NOBODY = str(uuid.uuid4())


def refusal(call, *args, **kwargs):
    with pytest.raises(ApiException) as refused:
        call(*args, **kwargs)
    return refused.value


def filter_of(predicate):
    return json.dumps({"predicates": [predicate]})


UNKNOWN = [
    ("get_pipeline", (NOBODY,), "Pipeline %s not found" % NOBODY),
    ("delete_pipeline", (NOBODY,), "Pipeline %s not found" % NOBODY),
    ("get_pipeline_version", (NOBODY, NOBODY), "PipelineVersion %s not found" % NOBODY),
    ("delete_pipeline_version", (NOBODY, NOBODY), "PipelineVersion %s not found" % NOBODY),
    ("get_experiment", (NOBODY,), "Experiment %s not found" % NOBODY),
    ("delete_experiment", (NOBODY,), "Experiment %s not found" % NOBODY),
    ("get_run", (NOBODY,), "Run %s not found" % NOBODY),
    ("delete_run", (NOBODY,), "Run %s not found" % NOBODY),
    ("archive_run", (NOBODY,), "Run %s not found" % NOBODY),
    ("terminate_run", (NOBODY,), "Run %s not found" % NOBODY),
    ("get_recurring_run", (NOBODY,), "Job %s not found" % NOBODY),
    ("delete_recurring_run", (NOBODY,), "Job %s not found" % NOBODY),
    ("enable_recurring_run", (NOBODY,), "Job %s not found" % NOBODY),
    ("disable_recurring_run", (NOBODY,), "Job %s not found" % NOBODY),
]


def assert_shape(refused, status, code, words):
    """The gateway's body: a chain of reasons in front, the short text for the user in the details."""
    body = json.loads(refused.body)
    assert (refused.status, body["code"]) == (status, code), body
    [detail] = body["details"]
    assert detail["@type"] == "type.googleapis.com/google.rpc.Status"
    assert detail["code"] == code
    assert words in detail["message"]
    assert detail["message"] in body["message"]


@pytest.mark.parametrize("method, ids, words", UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_unknown_id_in(method, ids, words, plain_client):
    assert_shape(refusal(getattr(plain_client, method), *ids), 404, 5, words)


BAD_LISTS = [
    ("unknown sort key", {"sort_by": "nothing"}, 'Invalid sorting field: "nothing" on listable type Run'),
    ("bad sort format", {"sort_by": "name sideways"}, "Received invalid sort by format"),
    ("bad token", {"page_token": "garbage"}, "Invalid page token"),
    ("negative page size", {"page_size": -1}, "The page size should be greater than 0. Got -1"),
    ("no JSON", {"filter": "{"}, "failed to parse valid filter"),
    (
        "unknown filter key",
        {"filter": filter_of({"operation": "EQUALS", "key": "nothing", "stringValue": "a"})},
        'no support for filtering on unrecognized field "nothing"',
    ),
    (
        "IN with one value",
        {"filter": filter_of({"operation": "IN", "key": "name", "stringValue": "a"})},
        "cannot use IN operator with scalar type string",
    ),
    (
        "one value with a list",
        {"filter": filter_of({"operation": "EQUALS", "key": "name", "stringValues": {"values": ["a"]}})},
        "cannot use scalar operator",
    ),
]


@pytest.mark.parametrize("query, words", [row[1:] for row in BAD_LISTS], ids=[row[0] for row in BAD_LISTS])
def test_list_with(query, words, plain_client):
    assert_shape(refusal(plain_client.list_runs, **query), 400, 3, words)


BAD_PARAMETERS = [
    ("nothing given", {}, "pipeline requiring input has no parameter(s) provided. Need parameter(s): "),
    ("one missing", {"text": "a"}, "parameter count is not optional, yet has neither default value nor user provided value"),
    ("unknown name", {"text": "a", "count": 1, "other": 2}, "parameter(s) provided are not required by pipeline: other"),
    ("text for a number", {"text": "a", "count": "1"}, "input parameter count requires type double or integer"),
    ("number for a text", {"text": 1, "count": 1}, "input parameter text requires type string"),
    ("text for a bool", {"text": "a", "count": 1, "flag": "true"}, "input parameter flag requires type bool"),
    ("text for a list", {"text": "a", "count": 1, "names": "a"}, "input parameter names requires type list"),
    ("text for a struct", {"text": "a", "count": 1, "more": "a"}, "input parameter more requires type struct"),
]


@pytest.mark.parametrize("given, words", [row[1:] for row in BAD_PARAMETERS], ids=[row[0] for row in BAD_PARAMETERS])
def test_run_with_parameters(given, words, plain_client, packages):
    start = plain_client.create_run_from_pipeline_package
    assert_shape(refusal(start, packages.of(typed), arguments=given), 400, 3, words)


def test_a_run_in_an_unknown_experiment(plain_client, packages):
    refused = refusal(plain_client.run_pipeline, NOBODY, "nowhere", packages.of(greeting))
    assert_shape(refused, 404, 5, "Experiment %s not found" % NOBODY)
    assert_shape(refusal(plain_client.list_runs, experiment_id=NOBODY), 404, 5, "Experiment %s not found" % NOBODY)


def test_a_run_of_an_unknown_version(plain_client, packages, unique):
    pipeline = plain_client.upload_pipeline(packages.of(greeting), unique("without that version"))
    default = plain_client.get_experiment(experiment_name="Default").experiment_id
    ids = dict(pipeline_id=pipeline.pipeline_id, version_id=NOBODY)
    assert refusal(plain_client.run_pipeline, default, "none", **ids).status == 404


def test_uploads_answer_in_their_own_shape(plain_client, packages, tmp_path, unique):
    name = unique("twice")
    pipeline = plain_client.upload_pipeline(packages.of(greeting), name)
    taken = refusal(plain_client.upload_pipeline, packages.of(greeting), name)
    assert taken.status == 409
    assert set(json.loads(taken.body)) == {"error_message", "error_details"}
    assert "The name %s already exist(s). Please specify a new name" % name in json.loads(taken.body)["error_message"]
    again = refusal(plain_client.upload_pipeline_version, packages.of(greeting), name, pipeline_id=pipeline.pipeline_id)
    assert (again.status, "Failed to create a pipeline version" in json.loads(again.body)["error_message"]) == (409, True)
    unknown = refusal(plain_client.upload_pipeline_version, packages.of(greeting), "v", pipeline_id=NOBODY)
    assert (unknown.status, sorted(json.loads(unknown.body))) == (400, ["error_details", "error_message"])
    odd = tmp_path / "odd.txt"
    odd.write_text("neither YAML nor an archive by its name")
    assert refusal(plain_client.upload_pipeline, str(odd), unique("odd")).status == 400
    long = refusal(plain_client.upload_pipeline, packages.of(greeting), "x" * 200)
    assert long.status == 400


def test_names_of_experiments_are_unique(generated, unique):
    experiment = kfp_server_api.V2beta1Experiment(display_name=unique("only one"))
    generated("ExperimentServiceApi.create_experiment", experiment)
    refused = refusal(generated, "ExperimentServiceApi.create_experiment", experiment)
    assert_shape(refused, 409, 6, "Please specify a new name")
    nameless = kfp_server_api.V2beta1Experiment(display_name="")
    assert refusal(generated, "ExperimentServiceApi.create_experiment", nameless).status == 400


def test_without_or_with_a_wrong_token(settings):
    for token in ("wrong", "x" * 64):
        stranger = kfp.Client(host=settings["url"], existing_token=token)
        assert_shape(refusal(stranger.list_runs), 401, 16, "token")
