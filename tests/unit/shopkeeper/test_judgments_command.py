import json

import pytest
from click.testing import CliRunner

from search_core import JudgmentsError
from shopkeeper.commands.judgments import judgments

RATED = "query,docid,rating\nsofa,a,3\nsofa,b,0\nlamp,c,1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rated.csv").write_text(RATED)
    return tmp_path


def invoke(*arguments):
    result = CliRunner().invoke(judgments, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_stats_count_what_is_there(folder):
    found = json.loads(invoke("stats", "rated.csv", "--json").stdout)
    assert (found["format"], found["queries"], found["judgments"]) == ("csv", 2, 3)
    assert found["grades"] == {"0": 1, "1": 1, "3": 1}


def test_stats_of_a_file_with_problems_name_them_and_exit_1(folder):
    (folder / "rated.csv").write_text(RATED + "lamp,c,nice\n")
    result = invoke("stats", "rated.csv")
    assert result.exit_code == 1
    assert "line 5: unknown grade 'nice'" in result.stderr


def test_convert_changes_the_format_only(folder):
    invoke("convert", "rated.csv", "rated.qrels")
    assert (folder / "rated.qrels").read_text() == "sofa 0 a 3\nsofa 0 b 0\nlamp 0 c 1\n"
    invoke("convert", "rated.qrels", "back.csv")
    assert (folder / "back.csv").read_text() == RATED


def test_convert_takes_grades_with_names(folder):
    (folder / "esci.csv").write_text("query,docid,rating\nsofa,a,E\nsofa,b,I\n")
    invoke("convert", "esci.csv", "graded.csv", "--grade", "E=3", "--grade", "I=0")
    assert (folder / "graded.csv").read_text() == "query,docid,rating\nsofa,a,3\nsofa,b,0\n"


def test_a_grade_without_a_number_is_wrong_usage(folder):
    result = invoke("convert", "rated.csv", "graded.csv", "--grade", "E")
    assert result.exit_code == 2
    assert "'E' is not NAME=GRADE" in result.stderr


def test_merge_joins_files_and_says_which_grades_differ(folder):
    (folder / "clicks.csv").write_text("query,docid,rating\nsofa,b,2\nchair,d,1\n")
    with pytest.raises(JudgmentsError, match="'sofa', b: 0 and 2"):
        invoke("merge", "rated.csv", "clicks.csv", "--output", "all.csv")
    result = invoke("merge", "rated.csv", "clicks.csv", "--output", "all.csv", "--conflict", "last")
    assert "'sofa', b: 0 and 2" in result.stderr
    assert (folder / "all.csv").read_text() == (
        "query,docid,rating\nsofa,a,3\nsofa,b,2\nlamp,c,1\nchair,d,1\n"
    )


def test_split_divides_by_queries(folder):
    invoke("split", "rated.csv", "one.csv", "two.csv", "--share", "0.5")
    parts = [(folder / name).read_text().splitlines()[1:] for name in ("one.csv", "two.csv")]
    assert sorted(line for part in parts for line in part) == sorted(RATED.splitlines()[1:])
    assert all(len({line.split(",")[0] for line in part}) == 1 for part in parts)


def test_help_lists_the_commands_of_other_modules_without_importing_them():
    printed = invoke("--help").stdout
    assert "from-events" in printed
    assert "pool" in printed
