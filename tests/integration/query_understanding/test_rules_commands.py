"""`shopkeeper rules` against a real index."""

import json

import pytest
from click.testing import CliRunner

from language_models.testing import CompletionServer, Reply
from query_understanding import learn_catalogue
from search_core import ConfigurationError, RulesError
from shopkeeper.commands.rules import rules


@pytest.fixture
def run(opensearch_url, index, client, monkeypatch, tmp_path):
    learn_catalogue(client, index)
    monkeypatch.setenv("SHOPKEEPER_SEARCH_ENGINE__URL", opensearch_url)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__CACHE_DIR", str(tmp_path / "cache"))

    def invoked(*arguments):
        return CliRunner().invoke(rules, list(arguments))

    return invoked


@pytest.fixture
def rules_file(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("smartphone =>\n  SYNONYM: novaphone\n")
    return path


@pytest.fixture
def judgments(tmp_path):
    path = tmp_path / "judgments.csv"
    path.write_text("query,docid,rating\nnovaphones,phone-11,3\ncase,case-11-red,3\n")
    return path


def test_check_lists_the_rules(run, rules_file):
    result = run("check", str(rules_file))
    assert result.exit_code == 0, result.output
    assert "1\tsmartphone\tSYNONYM: novaphone" in result.output


def test_check_fails_where_rules_contradict_each_other(run, rules_file):
    rules_file.write_text("lamp =>\n  SYNONYM: light\nlamp =>\n  SYNONYM: torch\n")
    result = run("check", str(rules_file))
    assert result.exit_code == 1
    assert "the input 'lamp' stands on lines 1, 3" in result.output


def test_check_names_broken_lines(run, rules_file):
    rules_file.write_text("lamp =>\n  NONSENSE: light\n")
    result = run("check", str(rules_file))
    assert isinstance(result.exception, RulesError)
    assert "line 2" in str(result.exception)


def test_preview_shows_what_a_file_of_rules_moves(run, rules_file, index):
    rules_file.write_text("novaphone =>\n  UP(20): green\n")
    result = run("preview", str(rules_file), "--query", "novaphone", "--index", index, "--json")
    assert result.exit_code == 0, result.output
    (preview,) = json.loads(result.stdout)
    climbed = [row for row in preview["rows"] if "green" in row["hit"]["title"]]
    assert climbed
    assert all(row["rank_after"] < row["rank_before"] for row in climbed if row["rank_before"])
    assert any("rule" in line for row in climbed for line in row["why"])


def test_a_preview_that_is_piped_says_which_query_it_is_of(run, rules_file, index):
    rules_file.write_text("novaphone =>\n  UP(20): green\n")
    result = run("preview", str(rules_file), "--query", "novaphone", "--index", index)
    assert result.stdout.splitlines()[0].startswith("novaphone: ")
    assert result.stdout.splitlines()[0].endswith(" moved")


def test_propose_asks_a_language_model_where_it_is_told_to(run, index):
    other_names = {"kinds": [
        {"name": "Headset", "other_names": ["headphones with a microphone", "smartphone"]},
        {"name": "Gramophone", "other_names": ["record player"]},
    ]}  # fmt: skip
    with CompletionServer(Reply(text=json.dumps(other_names))) as server:
        result = run(
            "propose", "--index", index, "--ask", "--json",
            "--set", f"llm.base_url={server.base_url}", "--set", "llm.model=tiny",
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    asked = [
        each["proposal"]
        for each in json.loads(result.stdout)
        if each["proposal"]["evidence"][0]["source"] == "language_model"
    ]
    # Not the name of another kind, and nothing of what is not sold.
    assert [(each["term"], each["synonym"]) for each in asked] == [
        ("headphones with a microphone", "headset")
    ]
    assert len(server.requests) == 1


def test_propose_cannot_ask_where_no_language_model_is_set(run, index):
    result = run("propose", "--index", index, "--ask")
    assert isinstance(result.exception, ConfigurationError)
    assert "llm.base_url" in result.exception.remedy


def test_propose_measures_what_shoppers_typed_instead(run, index, judgments, tmp_path):
    events = tmp_path / "ubi.ndjson"
    lines = []
    for session in ("a", "b"):
        for number, (query, clicked) in enumerate((("handset", False), ("smartphone", True))):
            query_id = f"{session}{number}"
            stamp = f"2026-01-01T00:0{number}:00Z"
            lines.append(
                {"query_id": query_id, "user_query": query, "timestamp": stamp,
                 "client_id": session, "query_response_hit_ids": ["phone-11", "phone-12"]}
            )  # fmt: skip
            if clicked:
                lines.append(
                    {"action_name": "click", "query_id": query_id, "timestamp": stamp,
                     "client_id": session, "session_id": session, "user_query": query,
                     "event_attributes": {"object": {"object_id": "phone-11"},
                                          "position": {"ordinal": 1}}}
                )  # fmt: skip
    events.write_text("\n".join(map(json.dumps, lines)))
    judgments.write_text("query,docid,rating\nhandset,phone-11,3\nhandset,phone-12,3\n")
    result = run("propose", str(judgments), "--index", index, "--events", str(events), "--json")
    assert result.exit_code == 0, result.output
    found = {
        (each["proposal"]["term"], each["proposal"]["synonym"]): each
        for each in json.loads(result.stdout)
    }
    proposed = found["handset", "smartphone"]
    assert proposed["proposal"]["evidence"][0]["source"] == "reformulation"
    assert proposed["gain"]["queries"] == 1
    assert proposed["gain"]["difference"] == pytest.approx(1.0)


def test_accept_adds_to_the_file(run, rules_file):
    result = run("accept", str(rules_file), "handset=smartphone", "--json")
    assert json.loads(result.stdout) == {"path": str(rules_file), "added": 2}
    assert "SYNONYM: handset" in rules_file.read_text()


@pytest.mark.parametrize("pair", ["handset", "=smartphone", "handset="])
def test_accept_refuses_what_is_no_pair(run, rules_file, pair):
    result = run("accept", str(rules_file), pair)
    assert result.exit_code == 2
    assert "is not TERM=SYNONYM" in result.output
