from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.enrichment import TagGenerator
from indexer.enrichment.catalogue_tags import CatalogueTags, TagKnowledge, learn_knowledge
from indexer.enrichment.tag_chain import TagChain
from search_core import Attribute, Product, Tag, TagKind
from search_core.settings import TagSettings

KETTLE = Product(id="k", title="Larkspur Kettle 1.7 l", brand="Larkspur")
ALL = TagSettings(product_kinds=True, key_phrases=True, measures=True)


def tag(text, confidence=0.9, source="test"):
    return Tag(text=text, kind=TagKind.USE, source=source, confidence=confidence)


class Proposing:
    """Proposes the same tags for every product."""

    def __init__(self, *tags: Tag, identity: str = "proposing") -> None:
        self.identity = identity
        self._tags = tags

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        return [self._tags for _ in products]


def chosen(*generators: TagGenerator, **options):
    (tags,) = TagChain(generators, TagSettings(**options)).generate([KETTLE])
    return [(each.text, each.confidence, each.source) for each in tags]


def test_equal_tags_are_kept_once_with_the_best_confidence():
    one, other = Proposing(tag("Tea pots", 0.5, "a")), Proposing(tag("tea pot", 0.8, "b"))
    assert chosen(one, other) == [("tea pot", 0.8, "b")]


def test_what_the_product_says_itself_is_no_tag():
    assert chosen(Proposing(tag("kettles"), tag("larkspur kettle"), tag("teapot"))) == [
        ("teapot", 0.9, "test")
    ]


def test_unsure_long_and_empty_tags_are_left_out():
    assert chosen(Proposing(tag("guess", 0.29), tag("x " * 60), tag("…"), tag(""))) == []


def test_no_product_gets_more_tags_than_allowed():
    many = Proposing(*(tag(f"tag{n}") for n in range(30)))
    assert [text for text, _, _ in chosen(many, most=3)] == ["tag0", "tag1", "tag2"]


def test_the_identity_follows_generators_and_settings():
    def identity(name, **options):
        return TagChain([Proposing(identity=name)], TagSettings(**options)).identity

    assert identity("a") == identity("a")
    assert len({identity("a"), identity("b"), identity("a", most=3)}) == 3
    assert TagChain([], TagSettings()).identity == ""


CATALOGUE = tuple(
    Product(
        id=str(n),
        title=f"{'lamp' if n % 2 else 'chair'} {n} cm",
        description=f"Ideal for tiny rooms. Soft lining {n % 3}.",
        attributes=(Attribute(name="bulb" if n % 2 else "seat", value=float(n)),),
    )
    for n in range(40)
)
KNOWLEDGE = learn_knowledge(CATALOGUE, ALL)


@settings(deadline=None)
@given(st.lists(st.integers(1, 39), max_size=5))
def test_tags_do_not_depend_on_the_chunk_in_which_a_product_stands(cuts):
    generator = CatalogueTags(KNOWLEDGE, ALL)
    edges = [0, *sorted(cuts), len(CATALOGUE)]
    in_chunks = [
        tags for start, end in pairwise(edges) for tags in generator.generate(CATALOGUE[start:end])
    ]
    assert in_chunks == generator.generate(CATALOGUE)


def test_what_was_learned_and_kept_gives_the_same_tags():
    kept = TagKnowledge.from_record(KNOWLEDGE.as_record())
    assert kept is not None
    one, other = CatalogueTags(KNOWLEDGE, ALL), CatalogueTags(kept, ALL)
    assert one.identity == other.identity
    assert one.generate(CATALOGUE) == other.generate(CATALOGUE)


def test_what_another_version_kept_is_not_used():
    assert TagKnowledge.from_record({**KNOWLEDGE.as_record(), "version": 0}) is None


def test_another_sample_is_another_identity_and_a_price_is_not():
    dearer = tuple(Product(**{**_fields(product), "price": 5.0}) for product in CATALOGUE)
    assert learn_knowledge(dearer, ALL).digest == KNOWLEDGE.digest
    assert learn_knowledge(CATALOGUE[1:], ALL).digest != KNOWLEDGE.digest


def test_rules_that_are_off_propose_nothing():
    off = TagSettings(measures=False, uses=False, alternative_names=False)
    assert CatalogueTags(KNOWLEDGE, off).generate(CATALOGUE) == [()] * len(CATALOGUE)


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=300))
def test_any_text_is_read_without_an_error(title, description):
    product = Product(id="1", title=title, description=description)
    assert len(CatalogueTags(KNOWLEDGE, ALL).generate([product])) == 1


def _fields(product):
    return {name: getattr(product, name) for name in product.__dataclass_fields__}
