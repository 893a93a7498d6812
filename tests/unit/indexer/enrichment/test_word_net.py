from pathlib import Path

import pytest

from indexer.enrichment.word_net import WordNet
from search_core import ArtifactError


@pytest.fixture
def words(word_net_folder: Path) -> WordNet:
    return WordNet(word_net_folder)


def meanings(words: WordNet, word: str):
    return [words.meaning(place) for place in words.places(word)]


def test_a_word_has_its_meanings_the_most_frequent_first(words):
    rodent, device = meanings(words, "mouse")
    assert (rodent.is_goods, device.is_goods) == (False, True)
    assert device.words == ("mouse", "computer mouse")


def test_a_word_that_is_not_there_has_none(words):
    assert words.places("zeppelin") == ()


def test_an_explanation_ends_before_its_examples(words):
    (sofa,) = meanings(words, "couch")
    assert sofa.explanation == "an upholstered seat for more than one person"


def test_a_meaning_knows_the_wider_one_and_what_is_below(words):
    (cardigan,) = meanings(words, "cardigan")
    (wider,) = cardigan.wider
    assert words.meaning(wider).words == ("sweater", "jumper")
    assert words.meaning(wider).narrower == (cardigan.place,)
    assert words.kinds_below(wider) == 1
    assert words.kinds_below(cardigan.place) == 0


def test_goods_are_artefacts_food_and_substances(words):
    names = {words.meaning(place).words[0] for place in words.goods()}
    assert names == {"seat", "sofa", "sweater", "cardigan", "mouse", "aluminum", "soup"}
    assert sum(1 for _ in words.goods()) == 7


def test_the_digest_tells_editions_apart(words, word_net_folder, tmp_path):
    for name in ("index.noun", "data.noun"):
        text = (word_net_folder / name).read_text(encoding="ascii")
        (tmp_path / name).write_text(text.replace("liquid food", "liquid meal"), encoding="ascii")
    assert WordNet(tmp_path).digest != words.digest
    assert WordNet(word_net_folder).digest == words.digest


def test_a_folder_without_the_files_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(ArtifactError, match=r"thesaurus in .* cannot be read") as refused:
        WordNet(tmp_path)
    assert "indexer.tags.thesaurus" in refused.value.remedy
