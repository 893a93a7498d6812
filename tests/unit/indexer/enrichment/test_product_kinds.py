import numpy as np

from indexer.enrichment.product_kinds import KindModel, learn_kinds
from indexer.enrichment.read_product import ReadProduct
from search_core import Attribute, Product, TagKind

BRANDS = ("Aldern", "Bexley", "Corvane", "Dunmore")


def lamp(number, title):
    attributes = (Attribute(name="bulb", value=f"E{number}"),)
    return ReadProduct(product=Product(id=str(number), title=title, attributes=attributes))


def chair(number, title):
    attributes = (Attribute(name="seat height", value=float(number)),)
    return ReadProduct(product=Product(id=str(number), title=title, attributes=attributes))


SAMPLE = [
    *(lamp(n, f"{BRANDS[n % 4]} lamp {n}") for n in range(60)),
    *(chair(n, f"{BRANDS[n % 4]} chair {n}") for n in range(60)),
]


def test_a_product_gets_the_word_that_like_products_have_in_their_title():
    (tag, *_) = learn_kinds(SAMPLE).tags(lamp(1, "Aldern A1"))
    assert (tag.text, tag.kind) == ("lamp", TagKind.PRODUCT_TYPE)
    assert tag.confidence > 0.3


def test_the_tags_do_not_depend_on_the_order_of_attributes():
    model = learn_kinds(SAMPLE)
    both = [Attribute(name="bulb", value="E27"), Attribute(name="seat height", value=4.0)]
    one, other = (
        tuple(model.tags(ReadProduct(product=Product(id="1", title="X", attributes=tuple(order)))))
        for order in (both, both[::-1])
    )
    assert one == other


def test_brands_units_and_properties_are_no_kinds():
    sample = [
        ReadProduct(
            product=Product(
                id=str(n),
                title=f"Aldern lamp {n} watt white",
                brand="Aldern",
                attributes=(Attribute(name="colour", value="white"),),
            )
        )
        for n in range(40)
    ]
    others = [chair(n, f"Bexley chair {n}") for n in range(60)]
    assert set(learn_kinds([*sample, *others]).names) & {"aldern", "watt", "white"} == set()


def test_nothing_is_learned_from_nothing():
    model = learn_kinds(())
    assert list(model.tags(lamp(1, "Aldern"))) == []


def test_a_record_gives_the_same_model():
    model = learn_kinds(SAMPLE)
    again = KindModel.from_record(model.as_record())
    assert (again.items, again.names) == (model.items, model.names)
    assert np.array_equal(again.weights, model.weights)
