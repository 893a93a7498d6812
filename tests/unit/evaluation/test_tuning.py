import pytest

from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import parse_measures
from evaluation.run import Answer, Run
from evaluation.tuning import TuningOptions, tune
from evaluation.tuning_space import Tunable
from search_core import TuningError
from search_core.settings import EvaluationSettings

QUERIES = [JudgedQuery(text=f"query {number}") for number in range(20)]
JUDGMENTS = Judgments.of(Judgment(query=query, product_id="good", grade=1) for query in QUERIES)
SPACE = (
    Tunable(name="weight", values=(0.0, 0.5, 1.0, 1.5, 2.0)),
    Tunable(name="method", values=("a", "b", "c"), ordered=False),
)
PRESENT = {"weight": 1.0, "method": "a"}
SETTINGS = EvaluationSettings(resamples=999)


def ranking(place):
    """The relevant product at a place, from 1."""
    return (*(f"bad {number}" for number in range(place - 1)), "good")


def run_of(place_of):
    return Run(
        name="run",
        answers={
            query.key: Answer(product_ids=ranking(place_of(number)))
            for number, query in enumerate(QUERIES)
        },
    )


def better_with_weight_two(setting):
    """Every query's relevant product climbs by one place with each half of weight."""
    return run_of(lambda _: 5 - int(setting["weight"] * 2))


def chance(setting):
    """Each query likes another weight and method, so that nothing can be learnt."""
    wanted = lambda number: (SPACE[0].values[number % 5], SPACE[1].values[number % 3])  # noqa: E731
    present = (setting["weight"], setting["method"])
    return run_of(lambda number: 1 if present == wanted(number) else 2)


def tuned(run_with, *, trials=25, **options):
    return tune(
        run_with,
        JUDGMENTS,
        parse_measures(["RR@10"]),
        SPACE,
        PRESENT,
        SETTINGS,
        TuningOptions(trials=trials, folds=4, seed=3, **options),
    )


def test_a_better_setting_is_found_and_holds_on_queries_it_never_saw():
    outcome = tuned(better_with_weight_two)
    assert outcome.changes == {"weight": 2.0}
    assert outcome.held_out.deciding.baseline_mean == pytest.approx(1 / 3)
    assert outcome.held_out.deciding.candidate_mean == pytest.approx(1.0)
    assert outcome.is_better


def test_what_only_looks_better_on_the_queries_it_was_tuned_on_is_not_called_better():
    outcome = tuned(chance)
    assert outcome.in_sample.deciding.difference > 0
    assert outcome.held_out.deciding.difference < outcome.in_sample.deciding.difference
    assert not outcome.is_better


def test_changes_that_earn_nothing_are_taken_back():
    assert "method" not in tuned(better_with_weight_two).changes


def test_the_present_setting_is_kept_when_nothing_is_better():
    outcome = tuned(lambda setting: run_of(lambda _: 2))
    assert outcome.changes == {}
    assert not outcome.is_better


def test_every_query_is_held_out_once():
    outcome = tuned(better_with_weight_two)
    assert [fold.held_out_queries for fold in outcome.folds] == [5, 5, 5, 5]
    assert [fold.train_queries for fold in outcome.folds] == [15, 15, 15, 15]


def test_a_resumed_tuning_ends_as_if_it_had_not_been_interrupted(tmp_path):
    class StoppedError(Exception):
        pass

    tried = 0

    def interrupted(setting):
        nonlocal tried
        tried += 1
        if tried > 12:
            raise StoppedError
        return better_with_weight_two(setting)

    storage = tmp_path / "study.log"
    with pytest.raises(StoppedError):
        tuned(interrupted, storage=storage)
    resumed = tuned(better_with_weight_two, storage=storage)
    whole = tuned(better_with_weight_two)
    assert resumed.resumed > 0
    assert (resumed.best, resumed.folds) == (whole.best, whole.folds)


def test_trials_of_another_index_are_not_taken_up(tmp_path):
    storage = tmp_path / "study.log"
    tuned(better_with_weight_two, storage=storage, identity="generation 1")
    assert tuned(better_with_weight_two, storage=storage, identity="generation 1").resumed == 125
    assert tuned(better_with_weight_two, storage=storage, identity="generation 2").resumed == 0


def test_each_setting_is_measured_once_however_many_folds_try_it():
    asked = []

    def counting(setting):
        asked.append(tuple(setting.items()))
        return better_with_weight_two(setting)

    tuned(counting)
    # 15 settings, and further runs for the answers of: present, the best of four folds, the best.
    assert len(asked) <= 15 + 6


def test_too_few_queries_are_refused():
    with pytest.raises(TuningError, match=r"20 queries .* too few for 11 folds"):
        tune(
            better_with_weight_two,
            JUDGMENTS,
            parse_measures(["RR@10"]),
            SPACE,
            PRESENT,
            SETTINGS,
            TuningOptions(folds=11),
        )


def test_a_file_that_is_no_study_is_named(tmp_path):
    storage = tmp_path / "notes.txt"
    storage.write_text("not a study\n")
    with pytest.raises(TuningError, match=r"notes\.txt is not a file of studies"):
        tuned(better_with_weight_two, storage=storage)


class Counting:
    def __init__(self):
        self.total, self.done, self.finished = None, 0, False

    def start(self, task, total, unit):
        self.total = total

    def advance(self, task, amount):
        self.done += amount

    def finish(self, task):
        self.finished = True


@pytest.mark.parametrize("runs", [1, 2])
def test_progress_reaches_its_total_also_when_resumed(tmp_path, runs):
    for _ in range(runs):
        progress = Counting()
        tune(
            better_with_weight_two,
            JUDGMENTS,
            parse_measures(["RR@10"]),
            SPACE,
            PRESENT,
            SETTINGS,
            TuningOptions(trials=5, folds=4, storage=tmp_path / "study.log"),
            progress,
        )
        assert (progress.total, progress.done, progress.finished) == (25, 25, True)
