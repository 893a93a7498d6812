import json

import pytest
from click.testing import CliRunner

from evaluation import read_judgments
from search_core import JudgmentsError
from shopkeeper.commands.judgments import judgments

SHOWN = ("green", "black", "white")


@pytest.fixture
def events(tmp_path):
    """Twenty sessions: green comes first and is never clicked, black second and always is."""
    path = tmp_path / "ubi.ndjson"
    lines = []
    for number in range(20):
        order = SHOWN if number % 2 else ("white", "black", "green")
        query = f"q{number}"
        lines.append({"query_id": query, "user_query": "Tea", "query_response_hit_ids": order})
        attributes = {"object": {"object_id": "black"}, "position": {"ordinal": 2}}
        lines.append(
            {
                "action_name": "click",
                "query_id": query,
                "session_id": f"s{number}",
                "event_attributes": attributes,
            }
        )
    path.write_text("\n".join(json.dumps(each) for each in lines))
    return path


def invoke(*arguments):
    result = CliRunner().invoke(judgments, ["from-events", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_grades_are_written_with_the_sessions_behind_them(events, tmp_path):
    result = invoke(events, "--output", tmp_path / "clicks.jsonl")
    assert result.exit_code == 0
    found = read_judgments(tmp_path / "clicks.jsonl").judgments
    (query,) = found.queries
    assert (query.text, query.frequency) == ("tea", 20.0)
    assert found.grades(query)["black"] > found.grades(query)["green"]
    assert found.sessions[query.key] == {"black": 20, "green": 20, "white": 20}


def test_the_log_and_the_grades_are_summed_up(events, tmp_path):
    result = invoke(events, "--output", tmp_path / "clicks.csv", "--model", "coec")
    assert "20 searches showed 60 products, 20 of them were chosen" in result.stderr
    assert "3 judgments of 1 query" in result.stderr
    assert result.stdout.splitlines()[0].split("\t")[:2] == ["grade", "products"]


def test_products_that_never_moved_are_warned_of(tmp_path):
    path = tmp_path / "ubi.ndjson"
    lines = [
        {"query_id": f"q{n}", "user_query": "tea", "query_response_hit_ids": SHOWN}
        for n in range(12)
    ]
    path.write_text("\n".join(json.dumps(each) for each in lines))
    result = invoke(path, "--output", tmp_path / "clicks.csv")
    assert "only 0% of the products were seen at more than one rank" in result.stderr


def test_too_short_a_log_is_refused(events, tmp_path):
    with pytest.raises(JudgmentsError, match="shown to 21 sessions"):
        invoke(events, "--output", tmp_path / "clicks.csv", "--min-sessions", 21)
    assert not (tmp_path / "clicks.csv").exists()


def test_cuts_that_do_not_grow_are_refused(events, tmp_path):
    result = invoke(events, "--output", tmp_path / "c.csv", "--cut", 2, "--cut", 1)
    assert result.exit_code == 2
    assert "the numbers have to grow" in result.stderr
