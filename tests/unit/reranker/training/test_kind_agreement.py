import pytest

from reranker.training import GeneratedQuery, KindAgreement, QuerySource, read_training_catalogue
from search_core.settings import RerankerSettings


def catalogue():
    """Return 60 printers and 60 toners for them: the titles of both say printer."""
    printers = [
        {
            "title": f"Acme printer {number}",
            "brand": "Acme",
            "attributes": [{"name": name, "value": 1.0} for name in ("speed", "tray")],
        }
        for number in range(60)
    ]
    toners = [
        {
            "title": f"Bolt toner {number} for {'printer' if number % 10 == 0 else 'office'}",
            "brand": "Bolt",
            "attributes": [{"name": name, "value": 1.0} for name in ("yield", "colour")],
        }
        for number in range(60)
    ]
    numbered = [{"id": str(place), **each} for place, each in enumerate([*printers, *toners])]
    return read_training_catalogue(numbered, RerankerSettings())


def query(kind, qualifier=""):
    return GeneratedQuery(kind=kind, qualifier=qualifier, source=QuerySource.KIND)


def test_an_accessory_that_names_the_product_agrees_less_than_the_product():
    agreement = KindAgreement(catalogue(), seed=1)
    printer, toner = 0, 60
    assert agreement.score(query("printer"), printer) == 1.0
    assert agreement.score(query("printer"), toner) < 0.3


def test_a_property_is_looked_for_in_the_product_itself():
    agreement = KindAgreement(catalogue(), seed=1)
    assert agreement.score(query("printer", "acme"), 0) == 1.0
    assert agreement.score(query("printer", "bolt"), 0) == pytest.approx(1 / 2)


def test_words_that_products_of_a_kind_do_not_share_name_no_kind():
    found = catalogue()
    agreement = KindAgreement(found, seed=1)
    everywhere = {"printer": range(60), "toner": range(60, 120), "office": range(61, 120, 2)}
    assert "printer" in agreement.cohesive(everywhere)
    assert agreement.cohesive({"7": (7, 67)}) == {}


def test_a_kind_of_few_products_is_one_where_those_nearest_are_called_so():
    printers = [
        {"title": f"printer {each}", "attributes": [{"name": "speed", "value": 1.0}]}
        for each in range(60)
    ]
    kettles = [
        {
            "title": f"水壶 {each}", "product_type": "水壶",
            "attributes": [{"name": "容量", "value": 1.0}],
        }
        for each in range(12)
    ]  # fmt: skip
    numbered = [{"id": str(place), **each} for place, each in enumerate([*printers, *kettles])]
    agreement = KindAgreement(read_training_catalogue(numbered, RerankerSettings()), seed=1)
    assert "水壶" in agreement.cohesive({"水壶": range(60, 72)})
    assert agreement.score(query("水壶"), 60) == 1.0
    assert agreement.score(query("水壶"), 0) == 0.0


def test_without_attributes_products_are_told_apart_by_their_words():
    lamps = [{"id": f"l{each}", "title": f"desk lamp {each}"} for each in range(50)]
    mugs = [{"id": f"m{each}", "title": f"coffee mug {each}"} for each in range(50)]
    found = read_training_catalogue([*lamps, *mugs], RerankerSettings())
    agreement = KindAgreement(found, seed=1)
    assert agreement.score(query("lamp"), 0) == 1.0
    assert agreement.score(query("lamp"), 50) == 0.0


def test_a_query_without_words_agrees_with_nothing():
    assert KindAgreement(catalogue(), seed=1).score(query("!"), 0) == 0.0
