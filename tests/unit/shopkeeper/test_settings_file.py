import tomllib

import pytest

from search_core import ConfigurationError
from shopkeeper.configuration import load_settings
from shopkeeper.settings_file import write_settings


def test_changes_go_on_top_of_what_the_other_file_says(tmp_path):
    base = tmp_path / "now.toml"
    base.write_text(
        'encoders.model = "a-folder"\n[retrieval]\ncandidates = 100\n[retrieval.fusion]\n'
        "dense_weight = 1.0\nrank_constant = 40\n"
    )
    path = tmp_path / "new.toml"
    changes = {"retrieval.fusion.dense_weight": 2.0, "retrieval.all_terms_boosts.title": 5.0}
    write_settings(path, base, changes)
    assert tomllib.loads(path.read_text()) == {
        "encoders": {"model": "a-folder"},
        "retrieval": {
            "candidates": 100,
            "fusion": {"dense_weight": 2.0, "rank_constant": 40},
            "all_terms_boosts": {"title": 5.0},
        },
    }


def test_what_is_written_can_be_loaded_and_says_where_it_is_from(tmp_path):
    path = tmp_path / "new.toml"
    changes = {"retrieval.fusion.method": "min_max"}
    write_settings(path, None, changes, ["Written by a test.", "Second line."])
    assert path.read_text().startswith("# Written by a test.\n# Second line.\n")
    assert load_settings(path, environment={}).retrieval.fusion.method == "min_max"


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nowhere"):
        write_settings(tmp_path / "nowhere" / "new.toml", None, {})
