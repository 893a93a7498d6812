from search_core.settings import Settings
from shopkeeper.tag_sources import TagSources

# Nothing below loads a model or fetches a file: that is what is tested.
ENGLISH = {"en": 1.0}


def generators(languages, *, vectors=True, thesaurus=True):
    settings = Settings.model_validate({"indexer": {"tags": {"thesaurus": thesaurus}}})
    return TagSources(settings)(languages, (), vectors=vectors)


def test_the_thesaurus_is_left_out_where_no_product_is_in_its_language():
    assert generators({"de": 0.9, "zh": 0.1}) == []


def test_the_thesaurus_is_left_out_where_nothing_is_encoded():
    assert generators(ENGLISH, vectors=False) == []


def test_the_thesaurus_can_be_switched_off():
    assert generators(ENGLISH, thesaurus=False) == []
    off = Settings.model_validate({"indexer": {"tags": {"thesaurus": False}}})
    assert not TagSources(off).are_on
    assert TagSources(Settings()).are_on
