import pickle
from functools import partial

import pytest

from indexer.enrichment.sent_generators import GivenTags, RemadeGenerator, StayingGenerator
from indexer.enrichment.tag_chain import TagChain
from indexer.enrichment.tagger import Tagger
from search_core import Product, RunnerError, Tag, TagKind
from search_core.settings import TagSettings

STOVE = Product(id="s", title="Camp stove")


def tag(text):
    return Tag(text=text, kind=TagKind.USE, source="test", confidence=0.9)


class Naming:
    """Proposes one text for every product, and remembers which tags they came with."""

    def __init__(self, text):
        self.identity = f"naming:{text}"
        self.text = text
        self.seen = []

    def generate(self, products):
        self.seen += [product.tags for product in products]
        return [(tag(self.text),) for _ in products]


class Unsendable(Naming):
    def __reduce__(self):
        raise TypeError("holds a connection")


def sent(generator):
    return pickle.loads(pickle.dumps(generator))


def test_a_remade_generator_is_made_anew_in_another_process_when_it_is_needed():
    here = RemadeGenerator(partial(Unsendable, "hiking"), Unsendable("hiking"))
    there = sent(here)
    assert there.identity == here.identity == "naming:hiking"
    assert there.generate([STOVE]) == here.generate([STOVE]) == [(tag("hiking"),)]


def test_a_worker_that_would_make_other_tags_is_refused():
    there = sent(RemadeGenerator(partial(Naming, "fishing"), "naming:hiking"))
    with pytest.raises(RunnerError, match=r"naming:fishing.*naming:hiking"):
        there.generate([STOVE])


def test_a_generator_that_stays_passes_its_tags_on_with_the_products():
    staying = Unsendable("hiking")
    here = Tagger(TagChain([StayingGenerator(staying)], TagSettings()))
    begun = here.begun((STOVE,))
    there = sent(here)
    assert there.identity == here.identity
    assert [each.text for each in there.tagged(begun)[0].tags] == ["hiking"]
    assert len(staying.seen) == 1


def test_tags_that_came_along_keep_their_place_among_the_others():
    settings = TagSettings(most=2)
    generators = [RemadeGenerator(partial(Naming, "a"), Naming("a")),
                  StayingGenerator(Naming("b")), Naming("c")]  # fmt: skip
    here = Tagger(TagChain(generators, settings))
    assert sent(here).tagged(here.begun((STOVE,))) == here.tagged((STOVE,))
    assert [each.text for each in here.tagged((STOVE,))[0].tags] == ["a", "b"]


def test_other_generators_do_not_see_the_tags_that_came_along():
    naming = Naming("c")
    RemadeGenerator(dict, naming).generate([sent_with_tags()])
    assert naming.seen == [()]


def test_without_a_generator_that_stays_products_go_as_they_are():
    assert Tagger(TagChain([Naming("a")], TagSettings())).begun((STOVE,)) == (STOVE,)
    assert GivenTags("any").generate([STOVE]) == [()]


def sent_with_tags():
    return Product(id="s", title="Camp stove", tags=(tag("b"),))
