"""`shopkeeper evaluate` on run files: everything but asking a system."""

import json

import pytest
from click.testing import CliRunner

from search_core import ConfigurationError, JudgmentsError, MeasureError, RunFileError
from shopkeeper.commands.evaluate import evaluate

JUDGMENTS = "query,docid,rating\n" + "".join(
    f"sofa {n},good,3\nsofa {n},poor,0\n" for n in range(12)
)


def run_file(*ids, queries=12):
    return "".join(
        f"sofa%20{n} Q0 {product_id} {rank} {10 - rank} shop\n"
        for n in range(queries)
        for rank, product_id in enumerate(ids, start=1)
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPKEEPER_EVALUATION__RESAMPLES", "99")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "judgments.csv").write_text(JUDGMENTS)
    (tmp_path / "old.trec").write_text(run_file("x", "poor", "good"))
    (tmp_path / "new.trec").write_text(run_file("good", "x"))
    return tmp_path


def invoke(*arguments):
    result = CliRunner().invoke(evaluate, ["judgments.csv", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_first_system_is_the_baseline_of_the_others(folder):
    found = json.loads(
        invoke("--run", "old.trec", "--run", "new.trec", "--measure", "RR", "--json").stdout
    )
    assert [system["name"] for system in found["systems"]] == ["old", "new"]
    assert found["systems"][0]["measures"] == {
        "RR": pytest.approx(1 / 3),
        "RR(judged_only=True)": pytest.approx(1 / 2),
    }
    (comparison,) = found["comparisons"]
    assert (comparison["baseline"], comparison["candidate"]) == ("old", "new")
    assert comparison["measures"][0]["difference"] == pytest.approx(1 - 1 / 3)
    assert comparison["measures"][0]["wins"] == 12
    assert found["gate"] is None


def test_tables_name_measures_wins_and_what_moved(folder):
    printed = invoke("--run", "old.trec", "--run", "new.trec", "--measure", "RR").stdout
    assert "RR\t0.3333\t1.0000" in printed
    assert "RR(judged_only=True)\t0.5000\t1.0000" in printed
    assert "good (3: 3 → 1)" in printed


def test_the_gate_passes_a_winner(folder):
    result = invoke("--gate", "--baseline", "old.trec", "--candidate", "new.trec")
    assert result.exit_code == 0
    assert "new wins: mean nDCG@10 is" in result.stdout
    assert "gate: passed" in result.stdout


def test_the_gate_stops_a_loser_and_says_why(folder):
    result = invoke("--gate", "--baseline", "new.trec", "--candidate", "old.trec")
    assert result.exit_code == 1
    assert "FAIL  margin: old does not win" in result.stdout
    assert "gate: not passed" in result.stdout


def test_the_gate_needs_two_systems(folder):
    with pytest.raises(ConfigurationError, match="between two systems, but the number named is 1"):
        invoke("--gate", "--baseline", "new.trec")


def test_missing_and_unjudged_queries_are_said(folder):
    (folder / "few.trec").write_text(run_file("good", queries=10) + "lamp Q0 a 1 1 shop\n")
    printed = invoke("--run", "few.trec").stderr
    assert "few: no hits for 2 judged queries, counted as 0" in printed
    assert "few: 1 query not judged" in printed


def test_queries_without_a_relevant_product_are_listed(folder):
    (folder / "judgments.csv").write_text(JUDGMENTS + "lamp,a,0\n")
    assert "1 query ('lamp')" in invoke("--run", "old.trec").stderr


def test_judgments_with_problems_stop_unless_they_are_to_be_skipped(folder):
    (folder / "judgments.csv").write_text(JUDGMENTS + "lamp,a,nice\n")
    with pytest.raises(JudgmentsError, match="line 26: unknown grade 'nice'"):
        invoke("--run", "old.trec")
    result = invoke("--run", "old.trec", "--skip-problems")
    assert result.exit_code == 0
    assert "left out of judgments.csv: line 26: unknown grade" in result.stderr
    assert invoke("--run", "old.trec", "--grade", "nice=3").exit_code == 0


def test_runs_can_be_saved_and_measured_again(folder):
    invoke("--run", "old.trec", "--save-runs", "runs")
    again = invoke("--run", "runs/1-old.trec", "--measure", "RR", "--json")
    assert json.loads(again.stdout)["systems"][0]["measures"]["RR"] == pytest.approx(1 / 3)


def test_a_run_of_other_queries_is_refused(folder):
    (folder / "other.trec").write_text("lamp Q0 a 1 1 shop\n")
    with pytest.raises(RunFileError):
        invoke("--run", "other.trec")


def test_settings_of_the_measurement_are_checked(folder):
    with pytest.raises(ConfigurationError, match=r"evaluation\.confidence"):
        invoke("--run", "old.trec", "--confidence", "2")


def test_one_file_cannot_be_compared_with_itself(folder):
    with pytest.raises(ConfigurationError, match="a file is named twice"):
        invoke("--run", "old.trec", "--run", "old.trec")


def test_every_option_of_the_command_is_explained():
    for option in evaluate.params[1:]:
        assert option.help, option.name


def test_a_missing_package_of_the_extra_says_what_to_install():
    from shopkeeper.evaluate_extra import evaluate_extra

    with (
        pytest.raises(ConfigurationError, match="needs the package scipy") as caught,
        evaluate_extra(),
    ):
        raise ModuleNotFoundError("No module named 'scipy.stats'", name="scipy.stats")
    assert caught.value.remedy == "pip install '.[evaluate]' in Shopkeeper's folder"


def test_a_missing_package_of_another_kind_is_left_to_be_seen():
    from shopkeeper.evaluate_extra import evaluate_extra

    with pytest.raises(ModuleNotFoundError), evaluate_extra():
        raise ModuleNotFoundError("No module named 'shopkeeper.gone'", name="shopkeeper.gone")


def test_measures_can_be_named_in_the_environment(folder, monkeypatch):
    monkeypatch.setenv("SHOPKEEPER_EVALUATION__MEASURES", "RR, P@5")
    found = json.loads(invoke("--run", "old.trec", "--json").stdout)
    assert [name for name in found["systems"][0]["measures"] if "judged" not in name] == [
        "RR",
        "P@5",
    ]


def test_a_misspelt_measure_is_told_before_anything_is_asked(folder, monkeypatch):
    monkeypatch.setenv("SHOPKEEPER_SEARCH_ENGINE__URL", "http://127.0.0.1:9")
    with pytest.raises(MeasureError, match="'nDGC@10' is no measure"):
        invoke("--measure", "nDGC@10")
