"""Lists: pages over hundreds of runs, every filter operator, sorting, and what a page token is bound to."""
import datetime
import json
import operator

import pytest
from kfp_server_api import ApiException


def filter_of(*predicates):
    return json.dumps({"predicates": list(predicates)})


def every_page(list_page, items, **kwargs):
    """All items of a list, page by page, and the sizes of the pages."""
    found, sizes, token = [], [], ""
    while True:
        answer = list_page(page_token=token, **kwargs)
        page = getattr(answer, items) or []
        found += page
        sizes.append(len(page))
        token = answer.next_page_token
        if not token:
            assert answer.total_size == len(found)
            return found, sizes


@pytest.fixture(scope="module")
def seeded(plain_client, settings):
    """The runs that were there before: hundreds, finished, in ten experiments."""
    if not settings["seeded"]:
        pytest.skip("the server has no seeded runs")
    predicate = {"operation": "IS_SUBSTRING", "key": "display_name", "stringValue": "run-"}
    runs, _ = every_page(plain_client.list_runs, "runs", page_size=200, filter=filter_of(predicate))
    runs = [run for run in runs if run.display_name.startswith("run-")]
    assert len(runs) == settings["seeded"]
    return runs


@pytest.fixture(scope="module")
def some(seeded):
    """Those of one experiment: enough to compare, and few enough to read again and again."""
    return [run for run in seeded if run.experiment_id == seeded[0].experiment_id]


def test_pages_over_hundreds_of_runs(client, seeded):
    runs, sizes = every_page(client.list_runs, "runs", page_size=37)
    assert len({run.run_id for run in runs}) == len(runs) >= len(seeded)
    assert set(sizes[:-1]) == {37}
    assert runs == sorted(runs, key=lambda run: (run.created_at, run.run_id))
    backwards, _ = every_page(client.list_runs, "runs", page_size=199, sort_by="created_at desc")
    assert [run.run_id for run in backwards] == [run.run_id for run in reversed(runs)]


def test_sizes_of_pages(client, seeded, generated):
    assert len(client.list_runs().runs) == 10, "the SDK's own default"
    assert len(client.list_runs(page_size=0).runs) == 20
    assert len(client.list_runs(page_size=1000).runs) == 200
    assert len(generated("RunServiceApi.list_runs").runs) == 20
    with pytest.raises(ApiException) as refused:
        client.list_runs(page_size=-1)
    assert refused.value.status == 400


def test_runs_of_an_experiment(client, some):
    experiment_id = some[0].experiment_id
    runs, _ = every_page(client.list_runs, "runs", page_size=15, experiment_id=experiment_id)
    assert {run.run_id for run in some} <= {run.run_id for run in runs}
    assert {run.experiment_id for run in runs} == {experiment_id}


@pytest.mark.parametrize("key", ["display_name", "name", "created_at", "finished_at", "state", "storage_state", "id"])
def test_runs_sorted_by(key, client, some):
    attribute = {"name": "display_name", "id": "run_id"}.get(key, key)
    for direction in ("asc", "desc"):
        asked = dict(experiment_id=some[0].experiment_id, sort_by="%s %s" % (key, direction))
        runs, _ = every_page(client.list_runs, "runs", page_size=25, **asked)
        found = [str(getattr(run, attribute)) for run in runs]
        assert found == sorted(found, reverse=direction == "desc")


def test_lists_sorted_by_their_own_keys(client, seeded):
    for list_page, items, key in (
        (client.list_pipelines, "pipelines", "display_name"),
        (client.list_experiments, "experiments", "display_name"),
    ):
        found, _ = every_page(list_page, items, page_size=7, sort_by="%s desc" % key)
        names = [getattr(one, key) for one in found]
        assert names == sorted(names, key=str.casefold, reverse=True)


def whole(value):
    """Filters compare whole seconds."""
    return value.replace(microsecond=0) if isinstance(value, datetime.datetime) else value


def first_name(runs):
    return runs[0].display_name


def two_names(runs):
    return [runs[0].display_name, runs[-1].display_name, "no such run"]


def middle(runs):
    return whole(sorted(run.created_at for run in runs)[len(runs) // 2])


# Name and number of an operator, a key, a value that fits the runs, and what the operator means.
OPERATORS = [
    ("EQUALS", 1, "display_name", first_name, operator.eq),
    ("EQUALS", 1, "state", lambda runs: "FAILED", operator.eq),
    ("NOT_EQUALS", 2, "display_name", first_name, operator.ne),
    ("GREATER_THAN", 3, "created_at", middle, operator.gt),
    ("GREATER_THAN_EQUALS", 5, "created_at", middle, operator.ge),
    ("LESS_THAN", 6, "created_at", middle, operator.lt),
    ("LESS_THAN_EQUALS", 7, "created_at", middle, operator.le),
    ("IN", 8, "display_name", two_names, lambda had, wanted: had in wanted),
    ("IN", 8, "state", lambda runs: ["FAILED", "CANCELED"], lambda had, wanted: had in wanted),
    ("IS_SUBSTRING", 9, "display_name", lambda runs: "UN-4", lambda had, wanted: wanted.lower() in had.lower()),
]


def values_of(value):
    """A value in each form that clients send it in: proto names, JSON names, and dates also as seconds."""
    if isinstance(value, list):
        return [{"string_values": {"values": value}}, {"stringValues": {"values": value}}]
    if isinstance(value, str):
        return [{"string_value": value}, {"stringValue": value}]
    seconds = int(value.timestamp())
    stamp = value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [{"timestamp_value": stamp}, {"timestampValue": stamp}, {"long_value": seconds}, {"string_value": str(seconds)}]


@pytest.mark.parametrize("name, number, key, pick, holds", OPERATORS, ids=["%s %s" % (row[0], row[2]) for row in OPERATORS])
def test_filter(name, number, key, pick, holds, client, some):
    value = pick(some)
    wanted = {run.run_id for run in some if holds(whole(getattr(run, key)), value)}
    ours = {run.run_id for run in some}
    assert 0 < len(wanted) < len(ours)
    for operation in (name, number):
        for form in values_of(value):
            asked = filter_of({"operation": operation, "key": key, **form})
            runs, _ = every_page(client.list_runs, "runs", page_size=30, experiment_id=some[0].experiment_id, filter=asked)
            assert {run.run_id for run in runs} & ours == wanted, asked


def test_filters_of_other_lists(client, packages, unique):
    name = unique("100% + more")
    experiment = client.create_experiment(name)
    predicate = {"operation": "EQUALS", "key": "display_name", "stringValue": name}
    found = client.list_experiments(filter=filter_of(predicate)).experiments
    assert [one.experiment_id for one in found] == [experiment.experiment_id]
    archived = {"operation": "NOT_EQUALS", "key": "storage_state", "stringValue": "ARCHIVED"}
    client.archive_experiment(experiment.experiment_id)
    assert client.list_experiments(filter=filter_of(predicate, archived)).experiments is None
    assert client.list_experiments(filter=filter_of(predicate)).total_size == 1


def test_a_token_keeps_its_order_and_its_filter(client, seeded):
    asked = filter_of({"operation": "EQUALS", "key": "state", "string_value": "FAILED"})
    first = client.list_runs(page_size=5, sort_by="created_at desc", filter=asked)
    by_token = client.list_runs(page_size=5, page_token=first.next_page_token)
    again = client.list_runs(page_size=5, page_token=first.next_page_token, sort_by="created_at desc", filter=asked)
    assert [run.run_id for run in by_token.runs] == [run.run_id for run in again.runs]
    assert {run.state for run in by_token.runs} == {"FAILED"}
    for other in ({"sort_by": "created_at asc"}, {"filter": filter_of({**json.loads(asked)["predicates"][0], "key": "name"})}):
        with pytest.raises(ApiException) as refused:
            client.list_runs(page_token=first.next_page_token, **other)
        assert refused.value.status == 400
        assert "page token does not match" in refused.value.body
