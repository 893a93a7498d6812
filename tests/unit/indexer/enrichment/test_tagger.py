from threading import Event

from indexer import passage_template, passage_text
from indexer.enrichment import Tagger, tag_chunks
from indexer.enrichment.tag_chain import TagChain
from indexer.product_stream import ProductChunk
from search_core import PERSON, Product, Tag, TagCorrection, TagKind
from search_core.settings import IndexerSettings, TagSettings


def tag(text, source="test"):
    return Tag(text=text, kind=TagKind.USE, source=source, confidence=0.9)


class Proposing:
    identity = "proposing"

    def generate(self, products):
        return [(tag("camping"), tag("hiking")) for _ in products]


STOVE = Product(id="s", title="Stove")
NOTHING = TagChain([], TagSettings())


def texts(product):
    return [each.text for each in product.tags]


def test_products_get_what_is_generated():
    (product,) = Tagger(Proposing()).tagged((STOVE,))
    assert texts(product) == ["camping", "hiking"]


def test_a_person_wins_over_every_generator():
    correction = TagCorrection(product_id="s", added=(tag("scouts", PERSON),), removed=("Hikings",))
    (product,) = Tagger(Proposing(), {"s": correction}).tagged((STOVE,))
    assert texts(product) == ["scouts", "camping"]


def test_corrections_count_without_any_generator():
    tagger = Tagger(NOTHING, {"s": TagCorrection(product_id="s", added=(tag("scouts", PERSON),))})
    assert not tagger.does_nothing
    assert [texts(each) for each in tagger.tagged((STOVE, Product(id="t", title="Tent")))] == [
        ["scouts"],
        [],
    ]


def test_a_tagger_without_anything_to_say_hands_products_on():
    tagger = Tagger(NOTHING)
    products = (STOVE,)
    assert tagger.does_nothing
    assert tagger.tagged(products) is products


def test_chunks_keep_their_lines_and_end_when_stopped():
    stop = Event()
    chunk = ProductChunk(products=(STOVE,), lines=(7,), rows=9, total_products=1)
    chunks = tag_chunks(iter([chunk, chunk]), Tagger(Proposing()), stop)
    tagged = next(chunks)
    assert (tagged.lines, tagged.rows, texts(tagged.products[0])) == (
        (7,),
        9,
        ["camping", "hiking"],
    )
    stop.set()
    assert list(chunks) == []


def test_the_first_tags_are_encoded_when_asked_to():
    settings = IndexerSettings(tags=TagSettings(in_passage=1))
    (product,) = Tagger(Proposing()).tagged((STOVE,))
    assert passage_text(product, settings) == "Stove. camping"
    assert passage_text(product, IndexerSettings()) == "Stove"
    assert passage_template(settings) != passage_template(IndexerSettings())
