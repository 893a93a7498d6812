from reranker.training import QuerySource, generate_queries, product_kinds, read_training_catalogue
from search_core.settings import RerankerSettings


def products(*documents):
    numbered = [{"id": str(place), **each} for place, each in enumerate(documents)]
    return read_training_catalogue(numbered, RerankerSettings()).products


def cable(brand, **fields):
    return {"title": f"{brand} Speedy USB cable 2 m", "brand": brand, **fields}


def test_what_titles_of_several_brands_share_is_a_kind():
    kinds = product_kinds(products(cable("Acme"), cable("Bolt"), cable("Core")))
    assert kinds["usb cable"] == [0, 1, 2]
    assert "acme" not in kinds
    assert not any("2" in name for name in kinds)


def test_what_only_one_brand_says_is_the_name_of_a_model():
    acme = [{"title": "Acme Thunder mouse", "brand": "Acme"}] * 3
    bolt = [{"title": "Bolt mouse", "brand": "Bolt"}] * 3
    kinds = product_kinds(products(*acme, *bolt))
    assert "mouse" in kinds
    assert "thunder" not in kinds


def test_types_categories_and_tags_are_kinds_whatever_the_brand():
    typed = cable("Acme", product_type="Cord", category=["A", "A > Wires"], tags=["data line"])
    assert {"cord", "wires", "data line"} <= product_kinds(products(typed, typed, typed)).keys()


def test_a_kind_has_three_products_at_least():
    assert product_kinds(products(cable("Acme"), cable("Bolt"))) == {}


def test_queries_name_kinds_with_brands_and_properties():
    colours = [{"name": "colour", "value": "Red"}, {"name": "range", "value": "-15 - 45"}]
    catalogue = products(*(cable(each, attributes=colours) for each in ("Acme", "Bolt", "Core")))
    queries = generate_queries(catalogue, {"usb cable": [0, 1, 2]}, most=5, seed=1)
    assert {each.text for each in queries} == {
        "usb cable", "acme usb cable", "bolt usb cable", "core usb cable", "red usb cable",
    }  # fmt: skip
    assert {each.source for each in queries} == {
        QuerySource.KIND, QuerySource.BRAND_AND_KIND, QuerySource.VALUE_AND_KIND,
    }  # fmt: skip
    assert {each.family for each in queries} == {"cable usb"}


def test_queries_are_distinct_and_the_seed_decides():
    catalogue = products(cable("Acme"), cable("Bolt"), cable("Core"))
    kinds = product_kinds(catalogue)
    first, again, other = (
        generate_queries(catalogue, kinds, most=8, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again != other
    assert len({each.text for each in first}) == len(first) == 8


def test_a_catalogue_without_kinds_gives_no_queries():
    assert generate_queries((), {}, most=10, seed=1) == ()
