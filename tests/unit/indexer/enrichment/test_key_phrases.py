import math

import pytest

from indexer.enrichment.key_phrases import PhraseModel, learn_phrases
from indexer.enrichment.read_product import ReadProduct
from search_core import Product


def read(description):
    return ReadProduct(product=Product(id="1", title="Thing", description=description))


def test_the_phrases_that_the_fewest_products_share_come_first():
    model = PhraseModel(products=100, counts={"magnetic clasp": 2, "soft lining": 10})
    tags = list(model.tags(read("Soft lining, magnetic clasp.")))
    assert [tag.text for tag in tags] == ["magnetic clasp", "soft lining"]
    assert [tag.confidence for tag in tags] == [
        round(math.log(100 / 2) / math.log(100), 3),
        round(math.log(100 / 10) / math.log(100), 3),
    ]


def test_phrases_of_a_single_product_and_of_many_are_not_learned():
    common = [read("Free delivery.") for _ in range(200)]
    shared = [read("Magnetic clasp."), read("The magnetic clasp holds.")]
    model = learn_phrases([*common, *shared, read("Gilded hinge.")])
    assert dict(model.counts) == {"magnetic clasp": 2}


def test_chinese_phrases_are_what_stands_between_punctuation():
    model = learn_phrases([read("防水防尘，轻便。"), read("加厚，防水防尘！"), read("别的")])
    assert dict(model.counts) == {"防水防尘": 2}


def test_at_most_three_phrases_that_share_no_word_are_given():
    counts = {"a1x b1x": 2, "b1x c1x": 2, "d1x e1x": 2, "f1x g1x": 2, "h1x i1x": 2}
    model = PhraseModel(products=100, counts=counts)
    tags = list(model.tags(read("a1x b1x c1x. d1x e1x. f1x g1x. h1x i1x")))
    assert [tag.text for tag in tags] == ["a1x b1x", "d1x e1x", "f1x g1x"]


def test_a_record_gives_the_same_model():
    model = PhraseModel(products=100, counts={"magnetic clasp": 2})
    assert PhraseModel.from_record(model.as_record()) == model


@pytest.mark.parametrize("text", ["", "…", "a", "12 34"])
def test_texts_without_phrases_give_none(text):
    assert dict(learn_phrases([read(text)] * 3).counts) == {}
