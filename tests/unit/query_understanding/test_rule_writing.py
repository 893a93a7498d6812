import pytest

from query_understanding import accept_synonyms, conflicts, read_rules
from search_core import RulesError


def test_a_new_file_gets_a_rule_for_each_direction(tmp_path):
    path = tmp_path / "rules.txt"
    assert accept_synonyms(path, [("notebook", "laptop")]) == 2
    assert path.read_text() == (
        "notebook =>\n  SYNONYM: laptop\n\nlaptop =>\n  SYNONYM: notebook\n"
    )


def test_a_term_that_has_a_rule_gets_one_more_line_there_and_the_rest_stays(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("# ours\nnotebook =>\n  UP(5): new\n\nlamp =>\n  SYNONYM: light\n")
    accept_synonyms(path, [("notebook", "laptop")])
    assert path.read_text() == (
        "# ours\nnotebook =>\n  SYNONYM: laptop\n  UP(5): new\n\nlamp =>\n  SYNONYM: light\n"
        "\nlaptop =>\n  SYNONYM: notebook\n"
    )
    assert conflicts(read_rules(path)) == ()


def test_what_is_there_already_is_not_added_again(tmp_path):
    path = tmp_path / "rules.txt"
    accept_synonyms(path, [("notebook", "laptop")])
    before = path.read_text()
    assert accept_synonyms(path, [("Notebook", "LAPTOP"), ("laptop", "notebook")]) == 0
    assert path.read_text() == before


def test_several_synonyms_of_a_term_stand_in_one_rule(tmp_path):
    path = tmp_path / "rules.txt"
    accept_synonyms(path, [("tv", "television"), ("tv", "telly")])
    assert conflicts(read_rules(path)) == ()
    assert path.read_text().count("tv =>") == 1


def test_a_broken_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("nonsense\n")
    with pytest.raises(RulesError, match="line 1"):
        accept_synonyms(path, [("notebook", "laptop")])
    assert path.read_text() == "nonsense\n"


def test_a_synonym_without_words_is_refused_and_nothing_written(tmp_path):
    path = tmp_path / "rules.txt"
    with pytest.raises(RulesError, match="has no words"):
        accept_synonyms(path, [("notebook", "!!!")])
    assert not path.exists()
