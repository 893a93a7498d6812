import pytest

from search_core import ConfigurationError
from shopkeeper.setting_overrides import full_setting_name, resolved_overrides


def test_the_end_of_a_name_is_enough_when_it_ends_one_setting():
    assert full_setting_name("fusion.dense_weight") == "retrieval.fusion.dense_weight"
    assert full_setting_name("dense") == "retrieval.dense"


def test_a_whole_name_is_itself_even_if_others_end_alike():
    assert (
        full_setting_name("retrieval.all_terms_boosts.title") == "retrieval.all_terms_boosts.title"
    )


def test_a_name_that_ends_several_is_refused_with_all_of_them():
    with pytest.raises(ConfigurationError, match=r"all_terms_boosts\.title or retrieval"):
        full_setting_name("title")


def test_an_unknown_name_is_left_to_whoever_reads_the_settings():
    assert full_setting_name("retrieval.dens") == "retrieval.dens"


def test_only_whole_words_of_a_name_count():
    assert full_setting_name("ense") == "ense"


def test_pairs_are_read():
    assert resolved_overrides(["fusion.rank_constant = 20", "minimum_should_match=2<-25%"]) == {
        "retrieval.fusion.rank_constant": "20",
        "retrieval.minimum_should_match": "2<-25%",
    }
