import pytest

from evaluation.tuning_space import Tunable, TuningSpace, tunables
from search_core import TuningError
from search_core.settings import Settings
from shopkeeper.configuration import load_settings, setting_names


def present_values():
    settings = Settings()
    values = {}
    for name in setting_names():
        place = settings
        for part in name.split("."):
            place = getattr(place, part)
        values[name] = place
    return values


@pytest.mark.parametrize("space", TuningSpace)
def test_everything_that_is_tuned_is_a_setting_and_every_value_is_allowed(space):
    for tunable in tunables(space, present_values()):
        for value in tunable.values:
            load_settings(None, {tunable.name: value}, environment={})


def test_a_present_value_between_the_others_takes_its_place():
    tunable = Tunable(name="weight", values=(0.5, 1.0)).including(0.7)
    assert tunable.values == (0.5, 0.7, 1.0)


def test_a_present_value_that_is_no_number_comes_last():
    tunable = Tunable(name="msm", values=("-50%", "-25%")).including("2<75%")
    assert tunable.values == ("-50%", "-25%", "2<75%")


def test_parts_of_names_choose_what_is_tuned():
    chosen = tunables(TuningSpace.ALL, present_values(), only=["dense_weight", "boosts.title"])
    assert [each.name for each in chosen] == [
        "retrieval.fusion.dense_weight",
        "retrieval.all_terms_boosts.title",
        "retrieval.some_terms_boosts.title",
    ]


def test_a_part_that_names_nothing_is_refused_with_what_there_is():
    with pytest.raises(TuningError, match="'colour' names nothing") as refused:
        tunables(TuningSpace.FUSION, present_values(), only=["colour"])
    assert "retrieval.fusion.dense_weight" in refused.value.remedy
